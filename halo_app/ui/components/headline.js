// The name of what is open, renamed where it stands. All text enters as text nodes.
const PEN = "M11.6 2.2a1.4 1.4 0 0 1 2 2L5.3 12.5l-2.7.7.7-2.7z";

function pen(act) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "pen";
  node.setAttribute("aria-label", "Rename this chat");
  node.title = "Rename this chat";
  node.onclick = act;
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ width: 16, height: 16, viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": 1.4, "aria-hidden": true }))
    picture.setAttribute(name, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PEN);
  picture.append(path);
  node.append(picture);
  return node;
}

function text(tag, cls, words) {
  const node = document.createElement(tag);
  node.className = cls;
  node.textContent = words;
  return node;
}

function rename(root, data, send) {
  const field = document.createElement("input");
  field.className = "name";
  field.value = data.title;
  field.maxLength = 120;
  field.setAttribute("aria-label", "New name of this chat");
  let over = false;
  const end = (keep, back) => {
    if (over) return;
    over = true;
    const title = field.value.trim();
    const fresh = keep && title && title !== data.title ? { ...data, title } : data;
    if (fresh !== data) send("rename", { id: data.id, title });
    draw(root, fresh, send);
    if (back) root.querySelector(".pen")?.focus();
  };
  field.onkeydown = (event) => {
    if (event.key === "Enter") { event.preventDefault(); end(true, true); }
    if (event.key === "Escape") { event.stopPropagation(); end(false, true); }
  };
  field.onblur = () => end(true, false);
  root.querySelector(".line").replaceChildren(field);
  field.select();
}

function draw(root, data, send) {
  const line = document.createElement("div");
  line.className = "line";
  const title = text("h1", "title", data.title);
  line.append(title);
  if (data.renames) {
    line.append(pen(() => rename(root, data, send)));
    title.ondblclick = () => rename(root, data, send);
  }
  root.replaceChildren(line, text("p", "quiet", data.quiet));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".headline");
  if (root.querySelector(".name") && root.dataset.chat === data.id) return;         // its name is being typed
  root.dataset.chat = data.id;
  const focused = root.getRootNode().activeElement?.classList.contains("pen");
  draw(root, data, setTriggerValue);
  if (focused) root.querySelector(".pen")?.focus();
}
