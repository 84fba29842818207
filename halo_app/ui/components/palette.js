// The palette and the list of shortcuts, each a dialog above the page. The server finds; only what fits is sent. All text enters as text nodes.
const WAIT_MS = 60;
const SINGLE = "halo.single-keys";
const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
const PAGE = 5;

const deepFocus = () => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node;
};
const isTyping = (event) => event.composedPath()[0]?.matches?.('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable=""], [contenteditable="true"]');

function dialogOf(root, cls, label) {
  const dialog = make("dialog", cls);
  dialog.setAttribute("aria-label", label);
  let before = null;
  dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };        // the page behind it
  dialog.onclose = () => { if (!dialog.dataset.gone) before?.focus?.({ preventScroll: true }); };
  dialog.show_ = () => {
    before = deepFocus();
    delete dialog.dataset.gone;
    dialog.showModal();
  };
  root.append(dialog);
  return dialog;
}

function optionOf(row, place, choose, point) {
  const node = make("li");
  node.id = `option-${place}`;
  node.setAttribute("role", "option");
  const what = make("span", "what");
  for (const [text, found] of row.parts) what.append(found ? make("b", "", text) : document.createTextNode(text));
  node.append(what, make("span", "where", row.where ? `${row.label} · ${row.where}` : row.label));
  node.onclick = () => choose(row);
  node.onpointermove = () => point(place);
  return node;
}

function paletteOf(root, view) {
  const dialog = dialogOf(root, "palette", "Go to anything");
  const field = make("div", "field");
  const input = make("input");
  const list = make("ul");
  const said = make("p", "empty");
  const hint = make("p", "hint touchless");
  let rows = [];
  let at = 0;
  let answered = "";                              // what was typed when the rows came
  let entered = false;                            // Enter was quicker than they
  let asking = null;
  let timer = 0;
  list.id = "found";
  for (const [name, value] of Object.entries({ role: "listbox", "aria-label": "What fits" })) list.setAttribute(name, value);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-label": "Go to anything, or do something", "aria-autocomplete": "list", "aria-controls": "found",
    "aria-expanded": "true", autocomplete: "off", spellcheck: "false", placeholder: "Go to a chat, source, note … or do something" })) input.setAttribute(name, value);
  said.setAttribute("role", "status");
  const point = (place) => {
    at = Math.max(0, Math.min(place, rows.length - 1));
    [...list.children].forEach((node, number) => node.setAttribute("aria-selected", String(number === at)));
    if (rows.length) input.setAttribute("aria-activedescendant", `option-${at}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const choose = (row) => {
    dialog.dataset.gone = "yes";
    dialog.close();
    if (row.kind === "action" && row.id === "shortcuts") { view.keys.show_(); return; }
    view.send("go", { kind: row.kind, id: row.id, text: row.text, at: Date.now() });
    document.getElementById("stMain")?.focus({ preventScroll: true });
  };
  const show = (found, words) => {
    rows = found;
    list.replaceChildren(...rows.map((row, place) => optionOf(row, place, choose, point)));
    said.textContent = words;
    said.hidden = !words;
    point(0);
    list.scrollTop = 0;
  };
  const ask = async () => {
    clearTimeout(timer);
    asking?.abort();
    asking = new AbortController();
    const typed = input.value;
    const query = new URLSearchParams({ q: typed, notebook: view.data.notebook });
    try {
      const answer = await fetch(`${view.data.address}?${query}`, { cache: "no-store", signal: asking.signal });
      const found = await answer.json();
      answered = typed;
      if (answer.ok) show(found.rows, found.rows.length ? "" : "Nothing has this name.");
      else show([], found.words);
      if (entered && rows[0] && dialog.open) choose(rows[0]);
      entered = false;
    } catch (error) {
      if (error.name !== "AbortError") show([], "HALO is not answering. It may have been stopped.");
    }
  };
  input.oninput = () => { entered = false; clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); };
  input.onkeydown = (event) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + PAGE, rows.length - 1), PageUp: Math.max(at - PAGE, 0) }[event.key];
    if (to !== undefined && rows.length) {
      event.preventDefault();
      point((to + rows.length) % rows.length);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (input.value !== answered) { entered = true; ask(); } else if (rows[at]) choose(rows[at]);
    }
    if (event.key === "Tab") event.preventDefault();
  };
  for (const [key, words] of [["↑ ↓", "choose"], ["Enter", "open"], ["Esc", "close"]]) {
    const part = make("span");
    part.append(make("kbd", "", key), ` ${words}`);
    hint.append(part);
  }
  field.append(input, button("close", "×", "Close", () => dialog.close()));
  dialog.append(field, said, list, hint);
  dialog.open_ = () => {
    if (dialog.open) { dialog.close(); return; }
    input.value = "";
    answered = null;
    entered = false;
    show([], "");
    dialog.show_();
    input.focus();
    ask();
  };
  return dialog;
}

function keysOf(root, data) {
  const dialog = dialogOf(root, "keys", "Keyboard shortcuts");
  const head = make("div", "head");
  head.append(make("h2", "", "Keyboard shortcuts"), button("close", "×", "Close", () => dialog.close()));
  const list = make("div", "list");
  list.tabIndex = 0;
  list.setAttribute("role", "region");
  list.setAttribute("aria-label", "All shortcuts");
  let place = "";
  for (const one of data.shortcuts.toSorted((a, b) => (b.where === "Everywhere") - (a.where === "Everywhere") || a.where.localeCompare(b.where))) {
    if (one.where !== place) list.append(make("h3", "", (place = one.where)));
    const pair = make("div", "pair");
    const ways = make("span", "ways");
    ways.append(...one.keys.map((way) => make("kbd", "", way[Number(APPLE)])));
    pair.append(make("span", "", one.does), ways);
    list.append(pair);
  }
  const label = make("label");
  const box = make("input");
  box.type = "checkbox";
  box.checked = localStorage.getItem(SINGLE) !== "off";
  box.onchange = () => (box.checked ? localStorage.removeItem(SINGLE) : localStorage.setItem(SINGLE, "off"));
  label.append(box, "Signs that work alone: ?, [ and ]");
  dialog.append(head, list, label);
  return dialog;
}

function listen(view) {
  const open = () => view.palette.open_();
  document.addEventListener("halo-palette", open);
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && (event.code === "KeyK" || event.key.toLowerCase() === "k")) {
      event.preventDefault();
      event.stopPropagation();
      if (!view.keys.open) open();
    } else if (event.key === "?" && !isTyping(event) && !view.palette.open && !view.keys.open && !event.ctrlKey && !event.metaKey && localStorage.getItem(SINGLE) !== "off") {
      event.preventDefault();
      view.keys.show_();
    }
  }, true);
}

// The dialogs and their keys lie outside what Streamlit draws: a page that is drawn anew just then does not take them away.
function homeOf(data) {
  const known = document.querySelector("body > .halo-palette");
  if (known) return known;
  const home = make("div", "halo-palette");
  home.attachShadow({ mode: "open" }).append(make("style", "", data.css));
  home.view = { data };
  document.body.append(home);
  home.view.keys = keysOf(home.shadowRoot, data);
  home.view.palette = paletteOf(home.shadowRoot, home.view);
  listen(home.view);
  return home;
}

export default function ({ data, setTriggerValue }) {
  const { view } = homeOf(data);
  view.data = data;
  view.send = setTriggerValue;
  if (window.haloTheme && window.haloTheme !== data.theme && data.reload) location.reload();       // other colours were chosen
}
