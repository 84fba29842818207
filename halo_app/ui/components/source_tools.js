// What is looked for, in which order, and whether as cards or as a table: the last is remembered in this browser.
const VIEW = "halo-sources-view";
const PAUSE_MS = 300;
const ORDERS = [["added", true, "Newest first"], ["added", false, "Oldest first"], ["name", false, "Name, A to Z"], ["name", true, "Name, Z to A"],
  ["kind", false, "Kind"], ["size", true, "Largest first"], ["size", false, "Smallest first"], ["pages", true, "Most pages first"],
  ["pages", false, "Fewest pages first"], ["cited", true, "Most cited first"], ["cited", false, "Least cited first"], ["kind", true, "Kind, Z to A"]];

function kept() {
  try { return localStorage.getItem(VIEW) === "table" ? "table" : "cards"; } catch { return "cards"; }
}

function keep(view) {
  try { localStorage.setItem(VIEW, view); } catch { /* a browser that keeps nothing shows cards next time */ }
}

function choice(label, act) {
  const node = make("select", "choice", undefined, { "aria-label": label });
  node.onchange = () => act(node.value);
  return node;
}

function fill(node, given, value) {
  const options = given.some((one) => one.value === value) ? given : [...given, { value, words: `${value} (0)` }];
  const shown = JSON.stringify([options, value]);
  if (node.dataset.shown === shown) return;
  node.dataset.shown = shown;
  node.replaceChildren(...options.map((one) => {
    const option = make("option", "", one.words);
    option.value = one.value;
    return option;
  }));
  node.value = value;
  node.classList.toggle("set", Boolean(value) && node.dataset.filter === "yes");
}

// Made once: what is being typed stays, whatever is drawn anew below.
function toolsOf(send, redraw) {
  const tools = make("div", "tools", undefined, { role: "search", "aria-label": "Find sources" });
  const words = make("input", "words", undefined, { type: "search", placeholder: "Find in names and texts", "aria-label": "Find in names and texts" });
  let pause = 0;
  const wish = (changes) => send("wish", { ...changes, at: Date.now() });
  words.oninput = () => { clearTimeout(pause); pause = setTimeout(() => wish({ words: words.value }), PAUSE_MS); };
  words.onkeydown = (event) => { if (event.key === "Enter") { clearTimeout(pause); wish({ words: words.value }); } };
  const kind = choice("Kind", (value) => wish({ kind: value }));
  const standing = choice("State", (value) => wish({ standing: value }));
  const tag = choice("Tag", (value) => {
    if (value === "\u0000") { send("act", { what: "tags", at: Date.now() }); tag.value = tag.dataset.value ?? ""; } else wish({ tag: value });
  });
  for (const node of [kind, standing, tag]) node.dataset.filter = "yes";
  const order = choice("Order", (value) => { const [name, down] = value.split(" "); wish({ order: name, descending: down === "true" }); });
  const more = button("quiet-button unfold", "Filter and sort", () => more.setAttribute("aria-expanded", String(tools.classList.toggle("unfolded"))),
    { "aria-expanded": "false" });
  const views = make("div", "views", undefined, { role: "group", "aria-label": "Show as" });
  for (const [name, text] of [["cards", "Cards"], ["table", "Table"]]) {
    views.append(button("view", text, () => { keep(name); redraw(); }, { "data-view": name }));
  }
  const filters = make("div", "filters");
  filters.append(kind, standing, tag, order, views);
  tools.append(words, more, filters);
  return { tools, words, kind, standing, tag, order, views };
}

function showTools(parts, data, focused) {
  const { wish } = data;
  if (focused !== parts.words && parts.words.value !== wish.words) parts.words.value = wish.words;
  fill(parts.kind, [{ value: "", words: "Every kind" }, ...data.kinds], wish.kind);
  fill(parts.standing, [{ value: "", words: "Every state" }, ...data.standings], wish.standing);
  fill(parts.tag, [{ value: "", words: "Every tag" }, ...data.tags, { value: "\u0000", words: "Rename or remove tags…" }], wish.tag);
  parts.tag.dataset.value = wish.tag;
  fill(parts.order, ORDERS.map(([name, down, words]) => ({ value: `${name} ${down}`, words })), `${wish.order} ${wish.descending}`);
  for (const node of parts.views.children) node.setAttribute("aria-pressed", String(node.dataset.view === kept()));
}
