// Files may be dropped anywhere on the page: they go the way of those that are chosen with the button. Folders are opened.
const FIELD = '[data-testid="stFileUploaderDropzoneInput"]';
const MOST = 5000;

const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

async function within(entry, found) {
  if (found.length >= MOST) return;
  if (entry.isFile) {
    await new Promise((done) => entry.file((file) => { found.push(file); done(); }, done));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) return;
    for (const one of some) await within(one, found);
  }
}

async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = [];
  for (const entry of entries) await within(entry, found);
  return found;
}

function give(files) {
  const field = document.querySelector(FIELD);
  if (!field || !files.length) return;
  const carried = new DataTransfer();
  for (const file of files) carried.items.add(file);
  field.files = carried.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

const watching = new WeakMap();

export default function ({ data, parentElement }) {
  watching.get(parentElement)?.();
  const veil = parentElement.querySelector(".veil");
  veil.textContent = data.words;
  let inside = 0;
  const show = (on) => { veil.hidden = !on; if (!on) inside = 0; };
  const enter = (event) => { if (carriesFiles(event)) { inside += 1; show(true); } };
  const over = (event) => { if (carriesFiles(event)) event.preventDefault(); };
  const leave = (event) => { if (carriesFiles(event) && (inside -= 1) <= 0) show(false); };
  const drop = (event) => {
    if (!carriesFiles(event)) return;
    show(false);
    if (event.target.closest?.('[data-testid="stFileUploaderDropzone"], [role="dialog"]')) return;   // a field of its own takes them
    event.preventDefault();
    filesOf(event.dataTransfer).then(give);
  };
  const heard = { dragenter: enter, dragover: over, dragleave: leave, drop };
  for (const [name, act] of Object.entries(heard)) document.addEventListener(name, act);
  const end = () => { for (const [name, act] of Object.entries(heard)) document.removeEventListener(name, act); };
  watching.set(parentElement, end);
  return end;
}
