// What the list of sources is made of. All text enters as text nodes.
const make = (tag, cls, text, attributes = {}) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};

const button = (cls, text, act, attributes = {}) => {
  const node = make("button", cls, text, { type: "button", ...attributes });
  node.onclick = act;
  return node;
};

const box = (label, checked, act, key) => {
  const frame = make("label", "pick");
  const node = make("input", "", undefined, { type: "checkbox", "aria-label": label, "data-key": key });
  node.checked = checked;
  node.onchange = () => act(node.checked);
  frame.append(node);
  return frame;
};

// A menu that folds out below its button; Escape, a choice, or a touch beside it folds it in.
function menuOf(label, items) {
  const frame = make("details", "menu");
  const list = make("div", "items", undefined, { role: "group", "aria-label": label });
  frame.append(make("summary", "quiet-button", "⋯", { "aria-label": label, title: label }), list);
  for (const item of items) {
    item.addEventListener("click", () => { frame.open = false; });
    list.append(item);
  }
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && frame.open) { frame.open = false; frame.firstChild.focus(); event.stopPropagation(); }
  });
  frame.addEventListener("toggle", () => {
    if (!frame.open) return;
    for (const other of frame.getRootNode().querySelectorAll("details.menu[open]")) if (other !== frame) other.open = false;
    list.classList.toggle("up", frame.getBoundingClientRect().bottom + list.offsetHeight > innerHeight - 8);
  });
  return frame;
}

function foldMenus(root, event) {
  const within = event.composedPath();
  for (const menu of root.querySelectorAll("details.menu[open]")) if (!within.includes(menu)) menu.open = false;
}
