// The table of shortcuts, in the spelling of this machine's keyboard. All text enters as text nodes.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

export default function ({ data, parentElement }) {
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  const table = make("table", ""), head = make("thead", ""), body = make("tbody", ""), titles = make("tr", "");
  table.setAttribute("aria-label", "Keyboard shortcuts");
  titles.append(...[["does", "What it does"], ["where", "Where"], ["ways", "Keys"]].map(([cls, text]) => {
    const title = make("th", cls, text);
    title.scope = "col";
    return title;
  }));
  head.append(titles);
  body.append(...data.rows.map((entry) => {
    const row = make("tr", ""), ways = make("td", "ways");
    ways.append(...(isMac ? entry.mac : entry.ways).map((way) => make("kbd", "", way)));
    row.append(make("td", "does", entry.does), make("td", "where", entry.where), ways);
    return row;
  }));
  table.append(head, body);
  parentElement.querySelector(".keys").replaceChildren(table);
}
