// A table of what is remembered: select, open, sort and turn pages. All text enters as text nodes.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

function button(cls, text, act, label) {
  const node = make("button", cls, text);
  node.type = "button";
  node.onclick = act;
  if (label) node.setAttribute("aria-label", label);
  return node;
}

function box(checked, label, act) {
  const node = make("input");
  node.type = "checkbox";
  node.checked = checked;
  node.setAttribute("aria-label", label);
  node.onchange = () => act(node.checked);
  return node;
}

function headOf(data, chosen, tell) {
  const row = make("tr");
  const all = data.rows.length > 0 && data.rows.every((entry) => chosen.has(entry.id));
  const first = make("th", "pick");
  const label = make("label");
  label.append(box(all, "Select all on this page", (on) => {
    for (const entry of data.rows) on ? chosen.add(entry.id) : chosen.delete(entry.id);
    tell();
  }), make("span", "all", "Select all"));
  first.append(label);
  row.append(first, ...data.columns.map((name) => {
    const cell = make("th", name.toLowerCase(), name);
    cell.scope = "col";
    return cell;
  }));
  const head = make("thead");
  head.append(row);
  return head;
}

function rowOf(entry, data, chosen, tell, send) {
  const row = make("tr", entry.dim ? "dim" : "");
  const pick = make("td", "pick");
  pick.append(box(chosen.has(entry.id), `Select: ${entry.text}`, (on) => { on ? chosen.add(entry.id) : chosen.delete(entry.id); tell(); }));
  const text = make("td", "memory");
  const open = button("open", entry.text, () => send("open", { id: entry.id, at: Date.now() }));
  open.dataset.id = entry.id;
  text.append(open);
  if (entry.note) text.append(make("span", "note", entry.note));
  row.append(pick, text);
  data.columns.slice(1).forEach((name, place) => {
    const cell = make("td", name.toLowerCase(), entry.cells[place]);
    if (entry.cells[place]) cell.dataset.label = name;
    row.append(cell);
  });
  return row;
}

function footOf(data, send) {
  const foot = make("div", "pages");
  if (data.pages < 2) return foot;
  const turn = (by) => send("turn", { page: data.page + by, at: Date.now() });
  const back = button("turn", "‹ Newer", () => turn(-1), "Newer memories");
  const next = button("turn", "Older ›", () => turn(1), "Older memories");
  back.disabled = data.page === 0;
  next.disabled = data.page >= data.pages - 1;
  foot.append(back, make("span", "quiet", `Page ${data.page + 1} of ${data.pages}`), next);
  return foot;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".entries");
  const chosen = new Set(data.chosen);
  const focused = parentElement.activeElement?.dataset?.id;
  const tell = () => setTriggerValue("pick", { ids: [...chosen], at: Date.now() });
  const table = make("table");
  table.setAttribute("aria-label", "Memories");
  const body = make("tbody");
  body.append(...data.rows.map((entry) => rowOf(entry, data, chosen, tell, setTriggerValue)));
  table.append(headOf(data, chosen, tell), body);
  root.replaceChildren(table, footOf(data, setTriggerValue));
  if (focused) root.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}
