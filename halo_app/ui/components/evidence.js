// The evidence panel: where a quote stands, and the text or page around it. All text enters as text nodes.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const button = (cls, text, label, act) => {
  const node = make("button", cls, text);
  node.type = "button";
  if (label) node.setAttribute("aria-label", label), (node.title = label);
  node.onclick = act;
  return node;
};

function head(data, send) {
  const top = make("div", "top");
  top.append(make("h2", "", data.source));
  const tools = make("div", "tools");
  if (data.total > 1) {
    tools.append(make("span", "count", `${data.place + 1} / ${data.total}`));
    tools.append(button("tool", "‹", "Previous citation", () => send("step", -1)), button("tool", "›", "Next citation", () => send("step", 1)));
  }
  tools.append(button("tool", "×", "Close the evidence", () => send("close", true)));
  top.append(tools);
  return top;
}

function page(data) {
  const frame = make("div", "page picture");
  const image = make("img");
  image.src = data.picture;
  image.alt = `${data.where} of ${data.source}, with the quoted words boxed`;
  frame.append(image);
  const settle = () => {
    frame.scrollTop = Math.max(0, data.top * image.clientHeight - frame.clientHeight / 3);
    frame.scrollLeft = (image.clientWidth - frame.clientWidth) / 2;
  };
  image.onload = settle;
  image.title = "Click to look closer";
  image.onclick = () => { frame.classList.toggle("near"); settle(); };
  return frame;
}

function text(data) {
  const frame = make("div", "page text");
  frame.tabIndex = 0;
  const mark = make("mark", "", data.quote);
  frame.append(document.createTextNode(data.before), mark, document.createTextNode(data.after));
  requestAnimationFrame(() => { frame.scrollTop = Math.max(0, mark.offsetTop - frame.offsetTop - frame.clientHeight / 3); });
  return frame;
}

function badges(data) {
  const row = make("div", "badges");
  row.append(make("span", data.verbatim ? "badge yes" : "badge no", data.verbatim ? "✓\u00a0quote found verbatim" : "✕\u00a0quote not found: the source changed"));
  row.append(make("span", "badge", `chars ${data.start.toLocaleString("en")}–${data.end.toLocaleString("en")}`));
  return row;
}

function also(data, send) {
  const list = make("div", "also");
  list.append(make("h3", "", "Also close"));
  for (const near of data.also) {
    const item = button("near", "", "", () => send("near", near.n));
    item.append(make("span", "where", near.where), make("span", "quote", `“${near.quote}”`));
    list.append(item);
  }
  return list;
}

async function copied(words, node) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {                                          // an address without TLS that is not this machine
    const field = make("textarea", "", words);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    node.focus();
  }
  const before = node.dataset.words ?? (node.dataset.words = node.textContent);
  node.textContent = "Copied";
  setTimeout(() => (node.textContent = before), 1500);
}

function ways(data, send) {
  const row = make("div", "row");
  if (data.original) {
    const link = make("a", "act", "Open original");
    link.href = data.original;
    link.target = "_blank";
    link.rel = "noopener";
    row.append(link);
  }
  const cite = button("act", "Copy with citation", "", () => copied(data.citable, cite));
  const address = button("act", "Copy link", "", () => copied(new URL(data.link, location.origin).href, address));
  row.append(button("act", "Show in context", "", () => send("context", true)), cite, address);
  if (data.notable) row.append(button("act", "New note of it", "", () => send("note", true)));
  for (const node of row.children) node.dataset.name = node.textContent;
  row.setAttribute("aria-live", "polite");
  return row;
}

// The chips lie in the conversation, each part of the page with a root of its own.
function openChip() {
  const roots = [...document.querySelectorAll(".stMain *")].map((node) => node.shadowRoot).filter(Boolean);
  return roots.map((root) => root.querySelector(".chip.open")).find(Boolean);
}

const chipsOf = (root) => [...root.querySelectorAll(".chip")];
const SETTLED_MS = [30, 200, 450];                   // the page may scroll to its end meanwhile, which the sheet moved
const panels = new WeakMap();                        // root -> what it knows: how to tell the server, and the chip it came from

function follow(view) {
  // The conversation stays where it is; only a chip that is out of sight, or under the sheet, is brought back.
  const chip = openChip();
  if (!chip) return;
  view.from = chip.getRootNode();
  view.place = chipsOf(view.from).indexOf(chip);
  const sheet = document.querySelector(".st-key-evidence")?.getBoundingClientRect();
  const at = chip.getBoundingClientRect();
  const floor = sheet && sheet.left < at.right ? sheet.top : innerHeight - 120;
  if (at.top < 60 || at.bottom > floor - 8) document.getElementById("stMain")?.scrollBy({ top: at.bottom - floor / 2 });
}

function goBack(view, root) {
  // When the panel is gone and nothing else took the focus, it goes back to the chip.
  setTimeout(() => {
    if (root.isConnected || (document.activeElement && document.activeElement !== document.body)) return;
    chipsOf(view.from ?? document)[view.place]?.focus({ preventScroll: true });
  }, 120);
}

const busy = 'input:not([type="checkbox"]), textarea, select, [contenteditable="true"], [role="listbox"], [role="menu"], dialog';

function press(event, view) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.composedPath().some((node) => node.matches?.(busy))) return;
  const step = localStorage.getItem("halo.single-keys") === "off" ? 0 : { "]": 1, "[": -1 }[event.key] ?? 0;
  if (step && view.total > 1) { event.preventDefault(); view.send("step", step); }
  const inPanel = event.composedPath().includes(view.root);
  const along = inPanel && !event.altKey && !event.composedPath()[0].matches(".page") ? { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0 : 0;
  if (along && view.total > 1) { event.preventDefault(); view.send("step", along); }
  if (event.key === "Escape") { event.stopPropagation(); view.send("close", true); }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".evidence");
  const view = panels.get(root) ?? { root };
  panels.set(root, view);
  view.send = setTriggerValue;
  view.total = data.total;
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", "Evidence");
  const focused = parentElement.activeElement;
  const refocus = focused?.getAttribute("aria-label") ?? focused?.dataset?.name;
  root.replaceChildren(head(data, setTriggerValue), make("p", "where", data.where));
  if (data.words) root.append(make("p", "note", data.words));
  if (data.picture) root.append(page(data));
  else if (data.quote) root.append(text(data));
  if (data.quote) root.append(badges(data), ways(data, setTriggerValue));
  if (data.also.length) root.append(also(data, setTriggerValue));
  if (refocus) [...root.querySelectorAll("button, a")].find((node) => (node.getAttribute("aria-label") ?? node.dataset.name) === refocus)?.focus({ preventScroll: true });
  const shown = `${data.link} ${data.place}`;
  if (view.shown !== shown) for (const ms of SETTLED_MS) setTimeout(() => root.isConnected && follow(view), ms);
  view.shown = shown;
  if (!view.listener) {
    view.listener = (event) => press(event, view);
    document.addEventListener("keydown", view.listener);
  }
  return () => {
    document.removeEventListener("keydown", view.listener);
    view.listener = null;
    goBack(view, root);
  };
}
