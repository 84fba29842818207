// A theme is taken up when a page is loaded: load this one again when another was chosen, unless something unsaved would be lost.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".again");
  root.replaceChildren();
  if (!window.haloTheme || window.haloTheme === data.theme) return;
  if (!data.wait) { location.reload(); return; }
  const line = document.createElement("p");
  line.className = "quiet";
  line.textContent = "It shows when this page is loaded again. The incognito chat that is open ends then.";
  root.append(line);
}
