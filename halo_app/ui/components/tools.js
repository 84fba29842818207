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
  const find = button("tool", /Mac|iPhone|iPad/.test(navigator.platform) ? data.keys[1] : data.keys[0], "Go to anything", () =>
    document.dispatchEvent(new CustomEvent("halo-palette")));
  find.dataset.name = "find";
  parts.push(find);
  root.replaceChildren(...parts);
  if (focused) root.querySelector(`[data-name="${focused}"]`)?.focus();
}
