// The list of notes: sought, filtered, and only the lines that are seen; the rest is asked for while scrolling.
const ROW_PX = 84;
const AHEAD = 12;
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const SORTS = [["changed", "Changed"], ["created", "Created"], ["title", "Title"]];
const lists = new WeakMap();

class List {
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.chosen = new Set();
    this.timer = 0;
    this.head = make("button", "fold");
    this.head.type = "button";
    this.head.onclick = () => this.fold(this.root.dataset.folded !== "yes");
    this.words = make("input");
    this.words.type = "search";
    this.words.placeholder = "Search notes";
    this.words.setAttribute("aria-label", "Search notes");
    this.words.oninput = () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.seek(), 250); };
    this.sort = this.select("Order of the notes");
    this.only = this.select("Show only");
    this.pick = make("button", "pick", "Choose");
    this.pick.type = "button";
    this.pick.onclick = () => this.send("choose", this.data.choosing ? null : []);
    this.count = make("p", "count");
    this.count.setAttribute("role", "status");
    this.rows = make("div", "rows");
    this.rows.onscroll = () => { clearTimeout(this.scrolling); this.scrolling = setTimeout(() => this.look(), 90); };
    this.room = make("ul", "room");
    this.rows.append(this.room);
    const ways = make("div", "ways");
    ways.append(this.sort, this.only, this.pick);
    const body = make("div", "body");
    body.append(this.words, ways, this.count, this.rows);
    this.root.append(this.head, body);
    window.addEventListener("halo-note", (event) => this.heard(event.detail));
  }

  select(label) {
    const node = make("select");
    node.setAttribute("aria-label", label);
    node.onchange = () => this.seek();
    return node;
  }

  fold(folded) {
    this.root.dataset.folded = folded ? "yes" : "no";
    this.head.setAttribute("aria-expanded", String(!folded));
  }

  seek() {
    const [kind, ...rest] = this.only.value.split(":");
    const value = rest.join(":");
    this.rows.scrollTop = 0;
    this.send("seek", { words: this.words.value, sort: this.sort.value, tag: kind === "tag" ? value : "", folder: kind === "folder" ? value : "" });
  }

  look() {
    // Ask for other lines when those that are seen come near the end of what is here.
    const { first, rows, total } = this.data;
    const top = Math.floor(this.rows.scrollTop / ROW_PX), shown = Math.ceil(this.rows.clientHeight / ROW_PX);
    const lacks = (top < first + AHEAD / 2 && first > 0) || (top + shown > first + rows.length - AHEAD / 2 && first + rows.length < total);
    if (lacks) this.send("scroll", Math.max(0, top - AHEAD));
  }

  heard({ id, title, line }) {
    const row = this.data.rows.find((one) => one.id === id);
    if (!row) return;
    Object.assign(row, { title, line });
    this.draw(this.data);
  }

  draw(data) {
    const fresh = !this.data || this.data.notebook !== data.notebook || (this.data.open && this.data.open !== data.open) || !this.data.open !== !data.open;
    this.data = data;
    if (fresh) this.fold(Boolean(data.open));
    this.chosen = new Set(data.chosen);
    if (this.words !== this.root.getRootNode().activeElement) this.words.value = data.sought.words;
    this.options(data);
    this.head.textContent = data.everything === 1 ? "1 note" : `All ${data.everything.toLocaleString("en")} notes`;
    this.pick.textContent = data.choosing ? "Done" : "Choose";
    this.pick.setAttribute("aria-pressed", String(data.choosing));
    const sought = data.sought.words || data.sought.tag || data.sought.folder;
    this.count.textContent = data.total ? (sought ? `${data.total.toLocaleString("en")} found` : "") : "No note matches. Try fewer words.";
    this.room.style.height = `${data.total * ROW_PX}px`;
    const focused = this.root.getRootNode().activeElement?.dataset?.id;
    this.room.replaceChildren(...data.rows.map((row, place) => this.row(row, data.first + place)));
    if (focused) this.room.querySelector(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
  }

  options(data) {
    const option = (value, text) => Object.assign(make("option", "", text), { value });
    this.sort.replaceChildren(...SORTS.map(([value, text]) => option(value, text)));
    this.sort.value = data.sought.sort;
    const group = (label, kind, counts) => {
      const one = make("optgroup");
      one.label = label;
      one.append(...Object.entries(counts).map(([name, count]) => option(`${kind}:${name}`, `${name} (${count})`)));
      return one;
    };
    const groups = [["Tags", "tag", data.tags], ["Folders", "folder", data.folders]].filter(([, , counts]) => Object.keys(counts).length);
    this.only.replaceChildren(option("", "All"), ...groups.map((one) => group(...one)));
    this.only.value = data.sought.tag ? `tag:${data.sought.tag}` : data.sought.folder ? `folder:${data.sought.folder}` : "";
    this.only.hidden = !groups.length;
  }

  row(one, place) {
    const item = make("li");
    item.style.top = `${place * ROW_PX}px`;
    const open = make("button", "note" + (one.id === this.data.open ? " open" : ""));
    open.type = "button";
    open.dataset.id = one.id;
    if (one.id === this.data.open) open.setAttribute("aria-current", "true");
    if (this.data.choosing) {
      open.setAttribute("role", "checkbox");
      open.setAttribute("aria-checked", String(this.chosen.has(one.id)));
      open.append(make("span", "box" + (this.chosen.has(one.id) ? " on" : ""), this.chosen.has(one.id) ? "✓" : ""));
    }
    const words = make("span", "words");
    const title = make("span", "title", one.title || "Untitled");
    if (one.pinned) title.prepend(Object.assign(make("span", "pin", "▲ "), { title: "Pinned" }));
    const facts = make("span", "facts", `${one.when}  `);
    if (one.stale) facts.append(make("span", "stale", "a source changed  "));
    facts.append(one.tags.map((tag) => `#${tag}`).join("  "));
    words.append(title, make("span", "line", one.line), facts);
    open.append(words);
    open.setAttribute("aria-label", one.title || "Untitled");
    open.setAttribute("aria-description", [one.line, facts.textContent, one.pinned ? "pinned" : ""].filter(Boolean).join(", "));
    open.onclick = () => this.data.choosing ? this.toggle(one.id) : this.send("open", one.id);
    open.onkeydown = (event) => this.step(event, item);
    item.append(open);
    return item;
  }

  toggle(id) {
    this.chosen.has(id) ? this.chosen.delete(id) : this.chosen.add(id);
    this.send("choose", [...this.chosen]);
  }

  step(event, item) {
    const next = { ArrowDown: item.nextElementSibling, ArrowUp: item.previousElementSibling }[event.key];
    if (!next) return;
    event.preventDefault();
    next.querySelector("button").focus();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".notes");
  const list = lists.get(root) ?? new List(root, setTriggerValue);
  lists.set(root, list);
  list.send = setTriggerValue;
  list.draw(data);
}
