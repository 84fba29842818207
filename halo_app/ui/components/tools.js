export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tools");
  const opened = root.querySelector("[popover]");
  if (opened) return;                                        // its menu is open
  const focused = root.getRootNode().activeElement?.dataset?.name;
  const parts = [];
  if (data.chat) {
    const out = button("tool", "Export", "", () =>
      openMenu(out, "Export this chat", data.formats.map(([name, suffix]) => ({ text: name, href: `/files/chat/${data.chat}?as=${suffix}` }))));
    out.setAttribute("aria-haspopup", "menu");
    out.dataset.name = "export";
    parts.push(out);
  }
  const keys = data.keys[Number(/Mac|iPhone|iPad/.test(navigator.platform))];
  const find = button("tool", "", data.side ? "" : "Go to anything", () => document.dispatchEvent(new CustomEvent("halo-palette")));
  find.dataset.name = "find";
  if (data.side) find.append(make("span", "", "Go to…"), make("kbd", "", keys));
  else find.textContent = matchMedia("(pointer: coarse), (max-width: 640px)").matches ? "Go to…" : keys;
  root.classList.toggle("side", data.side);
  parts.push(find);
  root.replaceChildren(...parts);
  if (focused) root.querySelector(`[data-name="${focused}"]`)?.focus();
}
