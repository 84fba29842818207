// What our components are built from: nodes, buttons and menus. All text enters as text nodes.
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

function entryOf(item, close) {
  const node = make(item.href ? "a" : "button", "entry", item.text);
  if (item.href) node.href = item.href, (node.download = "");
  else node.type = "button";
  node.setAttribute("role", "menuitem");
  node.tabIndex = -1;
  node.onclick = () => { close(); item.act?.(); };
  return node;
}

// A menu under its opener, above everything else; arrows move in it, Escape and a click beside it close it.
function openMenu(opener, label, items) {
  const menu = make("div", "menu");
  menu.popover = "auto";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  const close = () => menu.hidePopover();
  const entries = items.map((item) => entryOf(item, close));
  menu.append(...entries);
  menu.onkeydown = (event) => {
    const at = entries.indexOf(menu.getRootNode().activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") close();
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    entries[(to + entries.length) % entries.length].focus();
  };
  menu.ontoggle = (event) => {
    if (event.newState === "open") return;
    opener.setAttribute("aria-expanded", "false");
    menu.remove();
  };
  opener.after(menu);
  menu.showPopover();
  opener.setAttribute("aria-expanded", "true");
  const place = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  menu.style.left = `${Math.max(8, Math.min(place.right - width, innerWidth - width - 8))}px`;
  menu.style.top = `${place.bottom + height + 8 > innerHeight ? Math.max(8, place.top - height - 4) : place.bottom + 4}px`;
  entries[0].focus();
}
