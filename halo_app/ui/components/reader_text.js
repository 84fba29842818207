// The text of a source: only the pieces in sight are in the page; headings, places and marked words stand where they belong.
const SHORT_PLACE = 13, SERIF_LINE = 28.6, LINE_CHARS = 74, AHEAD = 1.5, CODE = new Set(["json", "jsonl", "ipynb", "xml", "tex", "rss"]);
const FLOWING = new Set(["pdf", "png", "jpeg", "tiff", "webp", "gif", "bmp"]);

class TextView {
  constructor(reader) {
    this.reader = reader;
    this.layout = reader.layout;
    this.texts = new Map();
    this.asked = new Map();
    this.nodes = new Map();
    this.node = make("div", "pane text");
    this.node.tabIndex = 0;
    this.node.setAttribute("role", "document");
    this.node.setAttribute("aria-label", `Text of ${reader.name}`);
    this.paper = make("div", `paper${CODE.has(this.layout.type) ? " code" : ""}${FLOWING.has(this.layout.type) ? " flow" : ""}`);
    this.node.append(this.paper);
    const { pieces, characters } = this.layout;
    this.end = (index) => pieces[index + 1] ?? characters;
    this.heights = new Heights(pieces.length, (index) => SERIF_LINE * (1.4 + (this.end(index) - pieces[index]) / LINE_CHARS));
    this.node.onscroll = () => { this.draw(); reader.moved(); };
    if (!characters) this.paper.append(make("p", "nothing", "No words were found in this source."));
  }

  pieceOf(offset) { return Math.max(0, below(this.layout.pieces.length, offset, (index) => this.layout.pieces[index])); }

  // Whoever needs pieces that are on their way waits for them; nothing is asked for twice.
  load(first, last) {
    const wanted = [], waited = new Set();
    for (let index = Math.max(0, first); index <= Math.min(last, this.layout.pieces.length - 1); index += 1) {
      if (this.asked.has(index)) waited.add(this.asked.get(index));
      else if (!this.texts.has(index)) wanted.push(index);
    }
    if (wanted.length) {
      const coming = this.fetch(wanted[0], wanted[wanted.length - 1]);
      wanted.forEach((index) => this.asked.set(index, coming));
      waited.add(coming);
    }
    return Promise.all(waited);
  }

  async fetch(from, to) {
    try {
      const texts = await ask(this.reader, "text", { first: from, last: to });
      texts.forEach((text, number) => this.texts.set(from + number, text));
    } catch (error) {
      return this.reader.tell(error.message);
    } finally {
      for (let index = from; index <= to; index += 1) this.asked.delete(index);
    }
    this.draw();
  }

  draw() {
    if (!this.layout.characters || !this.node.isConnected) return;
    const { scrollTop, clientHeight } = this.node;
    const first = this.heights.at(scrollTop - AHEAD * clientHeight), last = this.heights.at(scrollTop + (1 + AHEAD) * clientHeight);
    for (const [index, node] of this.nodes) if (index < first || index > last) node.remove(), this.nodes.delete(index);
    let missing = false;
    for (let index = first; index <= last; index += 1) {
      if (this.nodes.has(index)) continue;
      if (!this.texts.has(index)) { missing ||= !this.asked.has(index); continue; }
      const node = this.piece(index);
      this.nodes.set(index, node);
      this.paper.append(node);
    }
    this.settle();
    if (missing) this.load(first - 4, last + 8);
  }

  // Measure what is drawn; when something above the eye grew, the eye moves with it.
  settle() {
    let moved = 0;
    for (const [index, node] of this.nodes) {
      const above = this.heights.tops[index] < this.node.scrollTop;
      const change = this.heights.set(index, node.offsetHeight);
      if (above) moved += change;
    }
    for (const [index, node] of this.nodes) node.style.top = `${this.heights.tops[index]}px`;
    this.paper.style.height = `${this.heights.total}px`;
    if (Math.abs(moved) > 0.5) this.node.scrollTop += moved;
  }

  redraw() {
    this.nodes.forEach((node) => node.remove());
    this.nodes.clear();
    this.draw();
  }

  piece(index) {
    const start = this.layout.pieces[index], end = this.end(index), { cut } = cutter(this.texts.get(index));
    const node = make("div", "piece");
    const text = this.texts.get(index), lines = text.split("\n");
    const marks = this.reader.marks(start, end);
    const block = { lines: [], at: start };
    const flush = () => { if (block.lines.length) node.append(...this.block(block.lines, marks, start, cut)); block.lines = []; };
    let at = start;
    for (const line of lines) {
      const length = cutter(line).length;
      const place = this.reader.besideIn(at, at + length + 1), heading = this.reader.headingAt(at, line);
      if (!line.trim() || place || heading) flush();
      if (place) node.append(make("div", place.length > SHORT_PLACE ? "beside above" : "beside", place));
      if (heading) node.append(this.heading(heading, at, length, marks, start, cut));
      else if (line.trim()) block.lines.push({ at, length, line });
      at += length + 1;
    }
    flush();
    return node;
  }

  heading(level, at, length, marks, start, cut) {
    const node = make(`h${Math.min(level + 1, 5)}`, "line");
    node.dataset.at = at;
    node.append(...this.marked(at, at + length, marks, start, cut));
    return node;
  }

  // Lines of equally many cells that follow one another are a table.
  block(lines, marks, start, cut) {
    const nodes = [], counts = lines.map(({ line }) => line.split(" | ").length);
    for (let from = 0, to = 1; from < lines.length; from = to, to += 1) {
      const isTable = counts[from] > 1 && counts[from + 1] === counts[from];
      const ends = (at) => (isTable ? counts[at] !== counts[from] : counts[at] > 1 && counts[at + 1] === counts[at]);
      while (to < lines.length && !ends(to)) to += 1;
      const part = lines.slice(from, to);
      nodes.push(isTable ? this.table(part, marks, start, cut) : this.para(part, marks, start, cut));
    }
    return nodes;
  }

  para(lines, marks, start, cut) {
    const node = make("p", "para"), longest = Math.max(...lines.map(({ length }) => length));
    lines.forEach(({ at, length }, number) => {
      const line = make("span", "line");
      line.dataset.at = at;
      line.append(...this.marked(at, at + length, marks, start, cut));
      if (number) node.append(FLOWING.has(this.layout.type) && lines[number - 1].length > longest * 0.7 ? " " : "\n");
      node.append(line);
    });
    return node;
  }

  table(lines, marks, start, cut) {
    const frame = make("div", "wide"), table = make("table");
    frame.tabIndex = 0;
    lines.forEach(({ at, line }, number) => {
      const row = make("tr", "line");
      row.dataset.at = at;
      const bare = line.replace(/^\| | \|$/g, "");
      let from = at + (line.startsWith("| ") ? 2 : 0);
      for (const cell of bare.split(" | ")) {
        const node = make(number ? "td" : "th"), length = cutter(cell).length;
        node.append(...this.marked(from, from + length, marks, start, cut));
        row.append(node);
        from += length + 3;
      }
      table.append(row);
    });
    frame.append(table);
    return frame;
  }

  marked(from, to, marks, start, cut) {
    const nodes = [];
    let at = from;
    for (const { start: begin, end, kind } of marks) {
      const left = Math.max(begin, at), right = Math.min(end, to);
      if (right <= left) continue;
      if (left > at) nodes.push(document.createTextNode(cut(at - start, left - start)));
      const mark = make("mark", kind, cut(left - start, right - start));
      mark.dataset.at = left;
      nodes.push(mark);
      at = right;
    }
    if (at < to) nodes.push(document.createTextNode(cut(at - start, to - start)));
    return nodes;
  }

  // The character at the top of what is seen.
  place() {
    if (!this.layout.characters) return 0;
    const index = this.heights.at(this.node.scrollTop + 8), node = this.nodes.get(index);
    const top = this.node.getBoundingClientRect().top + 8;
    const line = node && [...node.querySelectorAll(".line")].find((one) => one.getBoundingClientRect().bottom > top);
    return line ? Number(line.dataset.at) : this.layout.pieces[index];
  }

  async show(offset, share = 0) {
    if (!this.layout.characters) return;
    const index = this.pieceOf(offset), turn = (this.turn = (this.turn ?? 0) + 1);
    await this.load(index - 3, index + 6);
    if (turn !== this.turn || !this.node.isConnected) return;
    for (let round = 0; round < 3; round += 1) {         // guessed heights become real ones on the way
      this.node.scrollTop = this.heights.tops[index] - share * this.node.clientHeight;
      this.draw();
    }
    const lines = [...(this.nodes.get(index)?.querySelectorAll("mark, .line") ?? [])].filter((one) => Number(one.dataset.at) <= offset);
    const line = lines[lines.length - 1];
    if (line && offset > 0) {
      const gap = line.getBoundingClientRect().top - this.node.getBoundingClientRect().top;
      this.node.scrollTop += gap - share * this.node.clientHeight - 8;
    }
    this.draw();
  }
}
