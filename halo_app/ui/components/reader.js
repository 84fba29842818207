// The reader's frame: name, ways to look, search, outline, and the document between outline and guide.
const VIEWS = { pages: ["Pages", PagesView], table: ["Table", GridView], text: ["Text", TextView] };
const SETTLED_MS = 350, TYPED_MS = 180;

class Reader {
  constructor(root, data) {
    Object.assign(this, { root, source: data.source, name: data.name, missing: data.missing, hits: { spans: [], total: 0 }, hit: -1, passage: null, views: {}, sent: () => {} });
    root.replaceChildren(make("div", "bone"), make("div", "bone"), make("div", "bone"));
    root.onkeydown = (event) => { if (event.key === "Escape") this.fold(); };
    const find = (event) => { if (root.isConnected) this.key(event); else document.removeEventListener("keydown", find); };
    document.addEventListener("keydown", find);
    this.settled = later(SETTLED_MS, () => this.keepPlace());
    this.typed = later(TYPED_MS, () => this.find(this.field.value));
    this.begin(data);
  }

  send(name, value) { this.sent(name, value); }
  recall(what) { return sessionStorage.getItem(`halo-reader-${what}`); }
  remember(what, value) { sessionStorage.setItem(`halo-reader-${what}`, value); }
  get view() { return this.views[this.looking]; }

  async begin(data) {
    this.opened = data.opened;
    try {
      this.layout = await ask(this, "layout");
    } catch (error) {
      const again = press("act", "Try again", "", () => this.begin(data));
      return this.root.replaceChildren(this.back(), make("p", "fault", error.message), again);
    }
    this.headings = new Map(this.layout.outline.map(([start, level, title]) => [start, [level, title]]));
    this.frame(data);
    const kept = JSON.parse(this.recall(this.source) ?? "null");
    const { passage, start } = asked(data.at);
    const first = this.layout.played ? "text" : this.layout.views[0];
    if (kept?.opened === data.opened) {
      this.passage = kept.passage;
      this.look(this.layout.views.includes(kept.view) ? kept.view : first, kept.at);
    } else if (passage) this.go(passage, first);
    else this.look(kept && !start && this.layout.views.includes(kept.view) ? kept.view : first, start || kept?.at || 0);
  }

  // A new place was asked for while the reader stands open.
  update(data) {
    if (!this.layout || data.opened === this.opened) return;
    this.opened = data.opened;
    if (data.at === this.written) return this.keepPlace(false);         // the address is our own
    const { passage, start } = asked(data.at);
    if (passage) this.go(passage);
    else this.goTo(start);
  }

  back() { return press("back", "‹ All sources", "", () => this.send("close", true)); }

  frame(data) {
    const head = make("header", "head"), names = make("div", "names");
    names.append(make("h1", "", data.name), make("p", "quiet", data.facts));
    this.toggles = { outline: this.toggle("outline", "Outline"), side: this.toggle("side", "Guide and details") };
    const folds = make("div", "folds");
    folds.append(this.toggles.outline, this.toggles.side);
    if (!this.layout.outline.length) this.toggles.outline.hidden = true;
    head.append(this.back(), names, folds);
    this.note = make("p", "note");
    this.note.setAttribute("role", "status");
    this.bar = make("div", "bar");
    this.bar.append(this.ways(), this.paging(), this.searching(data));
    this.body = make("div", "body");
    this.doc = make("div", "doc");
    this.doc.onclick = () => this.fold();
    this.outline = this.outlined();
    this.side = new Side(this);
    this.body.append(this.outline, this.doc, this.side.node);
    this.root.replaceChildren(head, this.note, this.bar, this.body);
    if (this.layout.played) this.doc.append(this.player());
    if (this.layout.missing) {
      this.tell(`${this.layout.remarks[0]}. `);
      this.note.append(press("act", "Put the original back", "", () => this.send("restore", true)));
    }
    new ResizeObserver(later(120, () => { this.view?.resize?.(); this.view?.draw(); })).observe(this.doc);
  }

  toggle(name, words) {
    const button = press("fold", words, "", () => {
      const other = name === "outline" ? "side" : "outline", opens = this.root.dataset[name] !== "open";
      this.root.dataset[name] = opens ? "open" : "";
      button.setAttribute("aria-expanded", String(opens));
      this.root.dataset[other] = "";
      this.toggles[other].setAttribute("aria-expanded", "false");
    });
    button.setAttribute("aria-expanded", "false");
    return button;
  }

  fold() {
    for (const name of ["outline", "side"]) {
      this.root.dataset[name] = "";
      this.toggles[name].setAttribute("aria-expanded", "false");
    }
  }

  player() {
    const frame = make("div", "player"), audio = make("audio");
    audio.controls = true;
    audio.preload = "metadata";
    audio.src = `${this.layout.original}?inline`;
    audio.setAttribute("aria-label", `Play ${this.name}`);
    frame.append(audio, ...this.layout.remarks.map((words) => make("p", "remark", words)));
    return frame;
  }

  ways() {
    const row = make("div", "ways");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "Ways to look at it");
    if (this.layout.views.length > 1) for (const name of this.layout.views) {
      const button = press("way", VIEWS[name][0], "", () => this.look(name, this.view.place()));
      button.dataset.view = name;
      row.append(button);
    }
    return row;
  }

  paging() {
    const row = make("div", "paging");
    this.pageField = make("input", "pagefield");
    this.pageField.inputMode = "numeric";
    this.pageField.setAttribute("aria-label", "Page number");
    this.pageField.onchange = async () => {
      const wanted = parseInt(this.pageField.value, 10) || 1;
      await this.views.pages.ready;
      this.views.pages.turnTo(wanted);
      this.pagesMoved();
    };
    this.pageCount = make("span", "quiet");
    this.zoomed = make("span", "quiet zoomed");
    row.append(this.pageField, this.pageCount, press("tool", "−", "Smaller", () => this.views.pages.zoomBy(-1)), this.zoomed,
      press("tool", "+", "Larger", () => this.views.pages.zoomBy(1)));
    row.hidden = true;
    return (this.pagingRow = row);
  }

  pagesKnown(count) { this.pageCount.textContent = `of ${count.toLocaleString("en")}`; this.pagesMoved(); }
  pagesMoved() {
    const pages = this.views.pages;
    if (!pages || this.pageField === this.pageField.getRootNode().activeElement) return;
    this.pageField.value = pages.current();
    this.zoomed.textContent = `${Math.round(pages.zoom * 100)} %`;
  }

  searching(data) {
    const row = (this.searchRow = make("div", "searching"));
    row.setAttribute("role", "search");
    this.field = make("input", "search");
    this.field.type = "search";
    this.field.placeholder = "Search inside";
    this.field.setAttribute("aria-label", "Search inside this source");
    this.field.title = `${data.keys} to come here, Enter for the next place, Shift and Enter for the one before`;
    this.field.oninput = () => { this.anchor ??= this.view.place(); this.typed(); };
    this.field.onkeydown = (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.stepOrFind(event.shiftKey ? -1 : 1); }
      if (event.key === "Escape" && this.field.value) { event.stopPropagation(); this.search(""); }
    };
    this.count = make("span", "count");
    this.count.setAttribute("role", "status");
    this.steps = [press("tool", "‹", "Previous place", () => this.step(-1)), press("tool", "›", "Next place", () => this.step(1))];
    row.append(this.field, this.count, ...this.steps);
    this.counted();
    return row;
  }

  outlined() {
    const nav = make("nav", "outline");
    nav.setAttribute("aria-label", "Outline");
    if (!this.layout.outline.length) nav.classList.add("none");
    this.lines = this.layout.outline.map(([start, level, title]) => {
      const line = press(`entry level${Math.min(level, 4)}`, title, "", () => { this.fold(); this.goTo(start); });
      line.title = title;
      return line;
    });
    nav.append(...this.lines);
    return nav;
  }

  // --- ways to look, and the place in the document ---
  look(name, at, span = null, share = 0) {
    if (this.looking !== name) {
      this.view?.node.remove();
      this.looking = name;
      this.views[name] ??= new VIEWS[name][1](this);
      this.doc.append(this.view.node);
      this.root.querySelectorAll(".way").forEach((way) => way.setAttribute("aria-pressed", String(way.dataset.view === name)));
      this.pagingRow.hidden = name !== "pages";
    }
    this.view.redraw?.();
    this.view.draw();
    return this.view.show(at, share, span);
  }

  toText(words = "") {
    if (words) this.tell(words);
    this.look("text", this.passage?.start ?? 0, this.passage, this.passage ? 0.3 : 0);
  }

  go(span, view = this.looking ?? this.layout.views[0]) {
    this.fold();
    this.passage = span;
    this.write(`${span.start}-${span.end}`);
    this.still = Infinity;                     // scrolling there is not going away from it
    return this.look(view, span.start, span, 0.3).then(() => { this.keepPlace(false); this.still = performance.now() + SETTLED_MS; });
  }

  goTo(offset) { return this.look(this.looking, offset); }

  moved() {
    if (this.looking === "pages") this.pagesMoved();
    if (performance.now() > (this.still ?? 0)) this.settled();
  }

  keepPlace(writes = true) {
    if (!this.root.isConnected || !this.view) return;
    const at = this.view.place();
    this.remember(this.source, JSON.stringify({ at, view: this.looking, passage: this.passage, opened: this.opened }));
    if (writes) this.write(String(at || ""));
    const line = below(this.layout.outline.length, at, (index) => this.layout.outline[index][0]);
    this.lines.forEach((one, index) => (index === line ? one.setAttribute("aria-current", "location") : one.removeAttribute("aria-current")));
    this.lines[line]?.scrollIntoView({ block: "nearest" });
  }

  write(place) {
    const address = new URL(location.href);
    if (address.searchParams.get("source") !== this.source) return;
    this.written = place;
    if (place) address.searchParams.set("at", place);
    else address.searchParams.delete("at");
    history.replaceState(history.state, "", address);
  }

  // --- what stands where ---
  headingAt(at, line) {
    const known = this.headings.get(at);
    return known && known[1].trim() === line.trim() ? known[0] : 0;
  }

  besideIn(from, to) {
    const all = this.layout.beside, index = below(all.length, to - 1, (one) => all[one][0]);
    return index >= 0 && all[index][0] >= from ? all[index][1] : "";
  }

  pageOf(offset) {
    const all = this.layout.beside, index = below(all.length, offset, (one) => all[one][0]);
    if (index >= 0 && all[index][2]) return all[index][2];
    return this.layout.views.includes("pages") && this.layout.pages < 2 && (index < 0 || all[index][1] !== "properties") ? 1 : 0;
  }

  pageStart(page) {
    const all = this.layout.beside;
    for (let near = page; near > 0; near -= 1) { const found = all.find((one) => one[2] === near); if (found) return found[0]; }
    return 0;
  }

  marks(start, end) {
    const spans = this.hits.spans, first = Math.max(0, below(spans.length, start, (index) => spans[index][0]));
    const found = [];
    for (let index = first; index < spans.length && spans[index][0] < end; index += 1)
      if (spans[index][1] > start) found.push({ start: spans[index][0], end: spans[index][1], kind: index === this.hit ? "hit now" : "hit" });
    if (this.passage && this.passage.start < end && this.passage.end > start) return split(this.passage, found);
    return found;
  }

  // --- search ---
  search(words) {
    this.fold();
    this.field.value = words;
    this.find(words);
  }

  stepOrFind(by) {
    if (this.field.value.trim() === (this.asked ?? "")) return this.step(by);
    this.typed.stop();
    return this.find(this.field.value);
  }

  async find(words) {
    const asked = (this.asked = words.trim());
    let found = { spans: [], total: 0 };
    try {
      if (asked) found = await ask(this, "find", { words: asked });
    } catch (error) {
      this.tell(error.message);
    }
    if (asked !== this.asked) return;
    this.hits = found;
    const at = this.anchor ?? this.view.place();                      // each letter more looks from where the first was typed
    if (!asked) this.anchor = null;
    this.hit = found.spans.length ? Math.max(0, found.spans.findIndex(([start]) => start >= at)) : -1;
    this.counted();
    if (!asked || this.hit < 0) { this.view.unbox?.(); this.view.redraw?.(); } else this.showHit();
  }

  step(by) {
    this.anchor = null;
    const count = this.hits.spans.length;
    if (!count) return;
    this.hit = (this.hit + by + count) % count;
    this.counted();
    this.showHit();
  }

  showHit() {
    const [start, end] = this.hits.spans[this.hit];
    this.look(this.looking, start, { start, end }, 0.3);
  }

  counted() {
    const { spans, total, apart } = this.hits, shown = (this.hit + 1).toLocaleString("en");
    this.count.textContent = !this.asked ? "" : !total ? "Not found" : `${shown} of ${total.toLocaleString("en")}${apart ? ", word by word" : ""}`;
    this.searchRow.classList.toggle("asked", Boolean(this.asked));
    this.steps.forEach((step) => { step.disabled = spans.length < 2; });
  }

  key(event) {
    if (this.root.reader !== this || !event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey || event.code !== "KeyF") return;
    event.preventDefault();
    this.fold();
    this.field?.focus();
    this.field?.select();
  }

  tell(words) { this.note.textContent = words; }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".reader");
  if (root.reader?.source === data.source && root.reader.missing === data.missing) root.reader.update(data);
  else root.reader = new Reader(root, data);
  root.reader.sent = setTriggerValue;
}
