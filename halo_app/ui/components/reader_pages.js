// The pages of a source as pictures: only those in sight are drawn; a passage is boxed where its words are found.
const PAGE_GAP = 20, KEPT_PAGES = 24, STEP_PX = 200, ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];

class PagesView {
  constructor(reader) {
    this.reader = reader;
    this.zoom = 1;
    this.sizes = [];
    this.nodes = new Map();
    this.pictures = new Map();
    this.boxes = { page: 0, key: "", list: [], words: "" };
    this.node = make("div", "pane pages");
    this.node.tabIndex = 0;
    this.node.setAttribute("aria-label", `Pages of ${reader.name}`);
    this.node.setAttribute("role", "document");
    this.stack = make("div", "stack");
    this.node.append(this.stack);
    this.node.onscroll = () => { this.draw(); reader.moved(); };
    this.ready = this.measure();
  }

  async measure() {
    try {
      this.sizes = await ask(this.reader, "sizes");
    } catch (error) {
      this.stack.append(make("p", "nothing", error.message));
      this.reader.toText(error.message);
    }
    this.heights = new Heights(this.sizes.length, (index) => this.high(index));
    this.reader.pagesKnown(this.sizes.length);
    this.draw();
  }

  get room() { return this.node.clientWidth - 2 * parseFloat(getComputedStyle(this.node).paddingLeft || "24"); }
  get wide() { return Math.max(200, Math.min(this.room, 900)) * this.zoom; }
  high(index) { const [width, height] = this.sizes[index]; return (this.wide * height) / Math.max(width, 1) + PAGE_GAP; }

  resize() {
    if (!this.sizes.length || !this.node.isConnected) return;
    const page = this.current(), share = this.heights.all[page - 1] ? (this.node.scrollTop - this.heights.tops[page - 1]) / this.heights.all[page - 1] : 0;
    this.heights = new Heights(this.sizes.length, (index) => this.high(index));
    this.nodes.forEach((node) => node.remove());
    this.nodes.clear();
    this.stack.style.height = `${this.heights.total}px`;
    this.node.scrollTop = this.heights.tops[page - 1] + share * this.heights.all[page - 1];
    this.draw();
  }

  zoomBy(step) {
    const at = ZOOMS.indexOf(this.zoom) + step;
    if (!ZOOMS[at]) return;
    this.zoom = ZOOMS[at];
    this.resize();
    this.reader.pagesMoved();
  }

  current() { return this.heights ? this.heights.at(this.node.scrollTop + this.node.clientHeight / 3) + 1 : 1; }

  draw() {
    if (!this.sizes.length || !this.node.isConnected) return;
    const { scrollTop, clientHeight } = this.node;
    this.stack.style.height = `${this.heights.total}px`;
    this.stack.style.width = `${Math.max(this.wide, this.room)}px`;
    const first = this.heights.at(scrollTop - clientHeight / 2), last = this.heights.at(scrollTop + 1.5 * clientHeight);
    for (const [index, node] of this.nodes) if (index < first || index > last) node.remove(), this.nodes.delete(index);
    for (let index = first; index <= last; index += 1) if (!this.nodes.has(index)) this.sheet(index);
    this.fetchSoon();
  }

  sheet(index) {
    const node = make("div", "sheet");
    node.style.cssText = `top:${this.heights.tops[index]}px;height:${this.heights.all[index] - PAGE_GAP}px;width:${this.wide}px`;
    node.append(make("span", "number", String(index + 1)));
    this.nodes.set(index, node);
    this.stack.append(node);
    this.fill(index);
  }

  fill(index) {
    const node = this.nodes.get(index), picture = this.pictures.get(this.key(index));
    if (!node) return;
    node.querySelectorAll("img, .box, .say").forEach((old) => old.remove());
    if (typeof picture === "string") {
      const image = make("img");
      image.src = picture;
      image.alt = `Page ${index + 1} of ${this.reader.name}`;
      node.append(image);
    } else if (picture) node.append(make("p", "say", picture.words));
    if (this.boxes.page !== index + 1) return;
    for (const [left, top, right, bottom] of this.boxes.list) {
      const box = make("div", "box");
      box.style.cssText = `left:${left * 100}%;top:${top * 100}%;width:${(right - left) * 100}%;height:${(bottom - top) * 100}%`;
      node.append(box);
    }
    if (this.boxes.words) node.append(make("p", "say", this.boxes.words));
  }

  get width() { return Math.min(2400, Math.ceil((this.wide * Math.min(window.devicePixelRatio || 1, 2)) / STEP_PX) * STEP_PX); }
  key(index) { return `${index}/${this.width}`; }

  // Two at a time, the page in the middle first; who scrolls past a page does not wait for it.
  fetchSoon() {
    this.fetching ??= 0;
    while (this.fetching < 2) {
      const middle = this.current() - 1;
      const wanted = [...this.nodes.keys()].filter((index) => !this.pictures.has(this.key(index)) && !this.asked?.has(this.key(index)))
        .sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle))[0];
      if (wanted === undefined) return;
      this.fetchPage(wanted);
    }
  }

  async fetchPage(index) {
    const key = this.key(index);
    (this.asked ??= new Set()).add(key);
    this.fetching += 1;
    try {
      this.pictures.set(key, URL.createObjectURL(await ask(this.reader, "page", { page: index + 1, width: this.width })));
    } catch (error) {
      this.pictures.set(key, { words: error.message });
    }
    this.asked.delete(key);
    this.fetching -= 1;
    while (this.pictures.size > KEPT_PAGES) {
      const [oldest, picture] = this.pictures.entries().next().value;
      if (typeof picture === "string") URL.revokeObjectURL(picture);
      this.pictures.delete(oldest);
    }
    this.fill(index);
    this.fetchSoon();
  }

  place() {
    const page = this.current();
    return this.reader.pageStart(page);
  }

  async show(offset, share = 0, span = null) {
    await this.ready;
    const page = this.reader.pageOf(offset);
    if (!page) {
      if (span) this.boxes = { page: 1, list: [], words: "These words do not stand on a page; see them in the text." };
      return this.turnTo(1);
    }
    this.turnTo(page);
    if (span) await this.box(page, span);
  }

  turnTo(page) {
    if (!this.heights?.all.length) return;
    this.node.scrollTop = this.heights.tops[Math.max(1, Math.min(page, this.sizes.length)) - 1];
    this.draw();
  }

  async box(page, span) {
    const key = `${span.start}-${span.end}`, before = this.boxes.page;
    const say = (list, words) => {
      const old = this.boxes.page;
      this.boxes = { page, key, list, words };
      if (old && old !== page) this.fill(old - 1);
      this.fill(page - 1);
    };
    if (before && before !== page) say([], "");
    say([], "Looking for the words on the page …");
    let found;
    try {
      found = await ask(this.reader, "boxes", { page, start: span.start, end: span.end });
    } catch (error) {
      return this.boxes.key === key ? say([], error.message) : undefined;
    }
    if (this.boxes.key !== key) return;
    const unknown = `The words stand on page ${page}; where on the page is not known.`;
    say(found.boxes, found.boxes.length ? "" : unknown);
    if (found.boxes.length) this.node.scrollTop = this.heights.tops[page - 1] + found.boxes[0][1] * this.heights.all[page - 1] - this.node.clientHeight / 3;
  }

  unbox() {
    const old = this.boxes.page;
    this.boxes = { page: 0, key: "", list: [], words: "" };
    if (old) this.fill(old - 1);
  }
}
