// The sources of a notebook as cards or as a table, what is selected, and what can be done with it.
const COLUMNS = [["name", "Name"], ["kind", "Kind"], ["pages", "Pages"], ["size", "Size"], ["added", "Added"], ["cited", "Cited"]];
const RISING = new Set(["name", "kind"]);        // begin with A; numbers begin with the largest

function choicesOf(row, send) {
  const act = (what, more = {}) => () => send("act", { what, id: row.id, at: Date.now(), ...more });
  const save = make("a", "item", "Download", { href: `/files/original/${row.id}`, download: "" });
  const put = button("item", "Put the original back…", act("put-back"));
  const items = [button("item", "Rename…", act("rename")), button("item", "Tags…", act("tag")), button("item", "Move or copy…", act("carry")),
    row.missing ? put : save, button("item", "Delete…", act("delete"))];
  return menuOf(`More for ${row.name}`, items);
}

function countsOf(row, send) {
  const act = () => send("act", { what: row.on ? "leave-out" : "count", id: row.id, at: Date.now() });
  const label = row.on ? "Counts" : "Left out";
  return button(`counts${row.on ? " on" : ""}`, label, act, { role: "checkbox", "aria-checked": String(row.on), "aria-label": `${row.name} counts`,
    "data-key": `counts-${row.id}`, title: row.on ? "Counts when you ask; press to leave it out" : "Left out when you ask; press to count it" });
}

function tagsOf(row, send) {
  const list = make("div", "tags");
  for (const tag of row.tags) {
    list.append(button("tag", tag, () => send("act", { what: "show-tag", tag, at: Date.now() }), { "aria-label": `Only sources with the tag ${tag}` }));
  }
  return list;
}

const openOf = (row, send, cls, text) => button(cls, text, () => send("act", { what: "open", id: row.id, at: Date.now() }), { "data-key": `open-${row.id}` });

function cardOf(row, data, pick, send) {
  const card = make("article", "source", undefined, { "data-id": row.id });
  const about = make("div", "about");
  about.append(make("h3", "name", row.name), make("p", "facts", row.facts), ...row.remarks.map((words) => make("p", "remark", words)));
  if (row.tags.length) about.append(tagsOf(row, send));
  if (row.plays) about.append(make("audio", "", undefined, { controls: "", preload: "none", src: `/files/original/${row.id}?inline`, "aria-label": row.name }));
  const choices = make("div", "choices");
  choices.append(countsOf(row, send), openOf(row, send, "button", "Open"), choicesOf(row, send));
  card.append(box(`Select ${row.name}`, data.chosen.includes(row.id), (on) => pick([row.id], on), `pick-${row.id}`), about, choices);
  return card;
}

function headOf(data, pick, send) {
  const row = make("tr");
  const all = data.rows.length > 0 && data.chosen.length === data.rows.length;
  const first = make("th", "picks");
  first.append(box("Select all on this page", all, (on) => pick(data.rows.map((one) => one.id), on), "pick-all"));
  row.append(first);
  for (const [name, text] of COLUMNS) {
    const here = data.wish.order === name;
    const down = here ? !data.wish.descending : !RISING.has(name);
    const cell = make("th", name, undefined, { scope: "col", "aria-sort": here ? (data.wish.descending ? "descending" : "ascending") : "none" });
    cell.append(button("sort", `${text}${here ? (data.wish.descending ? " ↓" : " ↑") : ""}`,
      () => send("wish", { order: name, descending: down, at: Date.now() }), { "data-key": `sort-${name}`, "aria-label": `Sort by ${text.toLowerCase()}` }));
    row.append(cell);
  }
  row.append(make("th", "does", "When you ask"), make("th", "does"));
  const head = make("thead");
  head.append(row);
  return head;
}

function rowOf(row, data, pick, send) {
  const line = make("tr", "line", undefined, { "data-id": row.id });
  const first = make("td", "picks");
  first.append(box(`Select ${row.name}`, data.chosen.includes(row.id), (on) => pick([row.id], on), `pick-${row.id}`));
  const name = make("th", "name", undefined, { scope: "row" });
  name.append(openOf(row, send, "open", row.name), ...row.remarks.map((words) => make("span", "remark", words)));
  if (row.tags.length) name.append(tagsOf(row, send));
  const cells = COLUMNS.slice(1).map(([key]) => make("td", key, row.cells[key]));
  const [counts, more] = [make("td", "does"), make("td", "does")];
  counts.append(countsOf(row, send));
  more.append(choicesOf(row, send));
  line.append(first, name, ...cells, counts, more);
  return line;
}

function barOf(data, send) {
  const act = (what, text) => button("button", text, () => send("act", { what, at: Date.now() }));
  const bar = make("div", "bar", undefined, { role: "group", "aria-label": "Selected sources" });
  bar.append(make("span", "said", `${data.chosenCount.toLocaleString("en")} selected`));
  if (data.chosenCount < data.matching) bar.append(act("all", `Select all ${data.matching.toLocaleString("en")}${data.filtered ? " that match" : ""}`));
  bar.append(act("count", "Count"), act("leave-out", "Leave out"), act("tag", "Tag…"), act("carry", "Move or copy…"), act("download", "Download"),
    act("delete", "Delete…"), act("clear", "Clear"));
  return bar;
}

function pagesOf(data, send) {
  const turn = (by) => send("wish", { page: data.page + by, at: Date.now() });
  const foot = make("nav", "turns", undefined, { "aria-label": "Pages of the list" });
  const back = button("button", "‹ Previous", () => turn(-1), { "data-key": "back", "aria-label": "Previous page of sources" });
  const next = button("button", "Next ›", () => turn(1), { "data-key": "next", "aria-label": "Next page of sources" });
  back.disabled = data.page === 0;
  next.disabled = data.page >= data.pages - 1;
  foot.append(back, make("span", "said", data.range), next);
  return foot;
}

function listOf(data, pick, send) {
  if (!data.rows.length) {
    const none = make("div", "none");
    none.append(make("p", "said", "No source matches."), button("button", "Show all", () => send("wish", { words: "", kind: "", standing: "", tag: "", at: Date.now() })));
    return none;
  }
  if (kept() === "cards") {
    const cards = make("div", "cards");
    cards.append(...data.rows.map((row) => cardOf(row, data, pick, send)));
    return cards;
  }
  const [table, body] = [make("table", "", undefined, { "aria-label": "Sources" }), make("tbody")];
  body.append(...data.rows.map((row) => rowOf(row, data, pick, send)));
  table.append(headOf(data, pick, send), body);
  return table;
}

// The address of a download is new each time; it is followed once.
function follow(root, address) {
  if (!address || root.dataset.followed === address) return;
  root.dataset.followed = address;
  const link = make("a", "", undefined, { href: address, download: "sources.zip" });
  root.append(link);
  link.click();
  link.remove();
}

const drawn = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".sources");
  const known = drawn.get(root) ?? { first: true };
  known.data = data;
  known.send = setTriggerValue;
  const send = (name, value) => known.send(name, value);
  const draw = () => {
    const now = known.data;
    const focused = parentElement.activeElement;
    const pick = (ids, on) => {
      now.chosen = on ? [...new Set([...now.chosen, ...ids])] : now.chosen.filter((id) => !ids.includes(id));
      send("pick", on ? { on: ids, at: Date.now() } : { off: ids, at: Date.now() });
    };
    const at = focused?.dataset?.key;
    showTools(known.tools, now, focused);
    const parts = [make("p", "summary", now.summary), ...(now.chosenCount ? [barOf(now, send)] : []), listOf(now, pick, send),
      ...(now.pages > 1 ? [pagesOf(now, send)] : [])];
    parts[0].setAttribute("role", "status");
    known.list.replaceChildren(...parts);
    root.dataset.view = kept();
    if (at) root.querySelector(`[data-key="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  };
  if (known.first) {
    known.first = false;
    known.list = make("div", "list");
    known.tools = toolsOf(send, () => draw());
    root.replaceChildren(known.tools.tools, known.list);
    root.dataset.followed = data.bundle;             // one that was asked for before this list was drawn is not fetched again
    drawn.set(root, known);
  }
  draw();
  follow(root, data.bundle);
  const fold = (event) => foldMenus(root, event);
  document.addEventListener("pointerdown", fold, true);
  return () => document.removeEventListener("pointerdown", fold, true);
}
