// A table of what each kind takes, with its share as a bar. All text enters as text nodes.
const cell = (tag, cls, text) => {
  const node = document.createElement(tag);
  node.className = cls;
  node.textContent = text;
  return node;
};

export default function ({ data, parentElement }) {
  const table = document.createElement("table");
  table.setAttribute("aria-label", "Storage by kind");
  table.append(...data.rows.map((entry) => {
    const row = document.createElement("tr"), name = cell("th", "", entry.name), share = cell("td", "share", ""), bar = cell("i", "bar", "");
    name.scope = "row";
    bar.style.width = `${100 * entry.share}%`;
    share.append(bar);
    row.append(name, share, cell("td", "files", entry.files), cell("td", "size", entry.size));
    return row;
  }));
  parentElement.querySelector(".room").replaceChildren(table);
}
