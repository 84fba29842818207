// A spreadsheet as tables: real row numbers and column letters, only the cells in sight, the open cell's words in full above.
const ROW_PX = 30, CHAR_PX = 8.3, HEAD_PX = 30, ROWS_AT_ONCE = 120;

const letters = (column) => {
  let name = "";
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
};

class GridView {
  constructor(reader) {
    this.reader = reader;
    this.node = make("div", "pane table");
    this.tabs = make("div", "sheets");
    this.tabs.setAttribute("role", "tablist");
    this.bar = make("div", "cellbar");
    this.scroll = make("div", "gridscroll");
    this.scroll.tabIndex = 0;
    this.scroll.setAttribute("role", "grid");
    this.scroll.onscroll = () => { this.draw(); reader.moved(); };
    this.scroll.onkeydown = (event) => this.step(event);
    this.node.append(this.tabs, this.bar, this.scroll);
    this.open(0);
  }

  open(number) {
    this.number = number;
    this.grid = this.reader.layout.grids[number];
    this.rows = new Map();
    this.asked = new Set();
    this.at = null;
    this.lefts = [0];
    for (const width of this.grid.widths) this.lefts.push(this.lefts[this.lefts.length - 1] + Math.round(width * CHAR_PX) + 24);
    this.tabs.replaceChildren(...this.reader.layout.grids.map((grid, index) => {
      const tab = press(`sheettab${index === number ? " on" : ""}`, grid.name || "Table", "", () => this.open(index));
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(index === number));
      return tab;
    }));
    this.tabs.hidden = this.reader.layout.grids.length < 2;
    this.scroll.setAttribute("aria-label", `Table ${this.grid.name}`.trim());
    this.scroll.setAttribute("aria-rowcount", this.grid.rows);
    this.scroll.setAttribute("aria-colcount", this.grid.columns);
    this.numbers = Math.max(40, String(this.grid.rows).length * 9 + 20);
    this.sheet = make("div", "gridsheet");
    this.sheet.style.cssText = `width:${this.numbers + this.lefts[this.grid.columns]}px;height:${HEAD_PX + this.grid.rows * ROW_PX}px`;
    this.head = make("div", "gridhead");
    this.head.setAttribute("role", "row");
    this.body = make("div", "gridbody");
    this.sheet.append(this.head, this.body);
    this.scroll.replaceChildren(this.sheet);
    this.scroll.scrollTop = this.scroll.scrollLeft = 0;
    this.tell();
    this.draw();
  }

  draw() {
    if (!this.scroll.isConnected) return;
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.scroll;
    const first = Math.max(1, Math.floor(scrollTop / ROW_PX) - 4);
    const last = Math.min(this.grid.rows, Math.ceil((scrollTop + clientHeight) / ROW_PX) + 4);
    const left = Math.max(1, below(this.grid.columns, scrollLeft, (index) => this.lefts[index]));
    const right = Math.min(this.grid.columns, below(this.grid.columns, scrollLeft + clientWidth, (index) => this.lefts[index]) + 2);
    this.head.replaceChildren(make("div", "corner"), ...this.columns(left, right));
    this.head.firstChild.style.width = `${this.numbers}px`;
    const rows = [];
    let missing = false;
    for (let row = first; row <= last; row += 1) {
      rows.push(this.row(row, left, right));
      missing ||= !this.rows.has(row);
    }
    this.body.replaceChildren(...rows);
    if (missing) this.load(first, last);
  }

  columns(left, right) {
    const found = [];
    for (let column = left; column <= right; column += 1) {
      const node = make("div", "colname", letters(column));
      node.setAttribute("role", "columnheader");
      node.style.cssText = `left:${this.numbers + this.lefts[column - 1]}px;width:${this.lefts[column] - this.lefts[column - 1]}px`;
      found.push(node);
    }
    return found;
  }

  row(number, left, right) {
    const node = make("div", "gridrow"), name = make("div", "rowname", String(number));
    node.style.top = `${HEAD_PX + (number - 1) * ROW_PX}px`;
    node.setAttribute("role", "row");
    node.setAttribute("aria-rowindex", number);
    name.style.width = `${this.numbers}px`;
    name.setAttribute("role", "rowheader");
    node.append(name);
    for (const [column, cell] of this.rows.get(number) ?? []) if (column >= left && column <= right) node.append(this.cell(number, column, cell));
    if (this.at?.row === number && !this.rows.get(number)?.has(this.at.column)) node.append(this.cell(number, this.at.column, { text: "", start: -1, end: -1 }));
    return node;
  }

  cell(row, column, { text, start, end, remark }) {
    const node = make("div", "cell", text);
    const open = this.at?.row === row && this.at?.column === column;
    const marks = start < 0 ? [] : this.reader.marks(start, end).filter((mark) => mark.start < end && mark.end > start);
    if (marks.length) node.classList.add("marked");
    if (marks.some((mark) => mark.kind.endsWith("now"))) node.classList.add("now");
    if (open) node.classList.add("open");
    if (remark) node.classList.add("remarked");
    if (/^[-+]?[\d.,\s]+%?$/.test(text)) node.classList.add("figure");
    node.setAttribute("role", "gridcell");
    node.setAttribute("aria-colindex", column);
    node.setAttribute("aria-selected", String(open));
    node.style.cssText = `left:${this.numbers + this.lefts[column - 1]}px;width:${this.lefts[column] - this.lefts[column - 1]}px`;
    node.onclick = () => { this.at = { row, column }; this.tell(); this.draw(); };
    return node;
  }

  tell() {
    const cell = this.at && this.rows.get(this.at.row)?.get(this.at.column);
    const place = this.at ? `${letters(this.at.column)}${this.at.row}` : "";
    this.bar.replaceChildren(make("span", "cellplace", place), make("span", "celltext", this.at ? cell?.text || "" : "Choose a cell to read it in full."));
    if (cell?.remark) this.bar.append(make("span", "cellremark", `Comment: ${cell.remark}`));
    this.bar.setAttribute("aria-live", "polite");
  }

  step(event) {
    const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [];
    if (down === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const from = this.at ?? { row: 0, column: 1 };
    this.select(Math.max(1, Math.min(this.grid.rows, from.row + down)), Math.max(1, Math.min(this.grid.columns, from.column + right)));
  }

  select(row, column, share) {
    this.at = { row, column };
    const top = (row - 1) * ROW_PX, left = this.lefts[column - 1], { scrollTop, scrollLeft, clientHeight, clientWidth } = this.scroll;
    if (share !== undefined) this.scroll.scrollTop = top - share * clientHeight;
    else if (top < scrollTop) this.scroll.scrollTop = top;
    else if (top + 2 * ROW_PX + HEAD_PX > scrollTop + clientHeight) this.scroll.scrollTop = top + 2 * ROW_PX + HEAD_PX - clientHeight;
    if (left < scrollLeft) this.scroll.scrollLeft = left;
    else if (this.lefts[column] + this.numbers > scrollLeft + clientWidth) this.scroll.scrollLeft = this.lefts[column] + this.numbers - clientWidth + 8;
    this.tell();
    this.draw();
  }

  async load(first, last) {
    const from = Math.max(1, first - 20), to = Math.min(this.grid.rows, Math.max(last, from + ROWS_AT_ONCE)), key = `${this.number}/${from}`;
    if (this.asked.has(key)) return;
    this.asked.add(key);
    const sheet = this.number;
    try {
      const cells = await ask(this.reader, "rows", { sheet, first: from, last: to });
      if (sheet !== this.number) return;
      for (let row = from; row <= to; row += 1) this.rows.set(row, new Map());
      for (const [row, column, start, end, text, remark] of cells) this.rows.get(row)?.set(column, { start, end, text, remark });
    } catch (error) {
      return this.reader.tell(error.message);
    } finally {
      this.asked.delete(key);
    }
    this.tell();
    this.draw();
  }

  redraw() { this.draw(); }
  place() {
    const row = Math.floor(this.scroll.scrollTop / ROW_PX) + 1;
    for (let near = row; near < row + 12; near += 1) for (const cell of this.rows.get(near)?.values() ?? []) return cell.start;
    return 0;
  }

  async show(offset, share = 0, span = null) {
    let found;
    try {
      found = await ask(this.reader, "cells", { start: offset, end: span?.end ?? offset + 1 });
    } catch (error) {
      return this.reader.tell(error.message);
    }
    if (found.sheet < 0) return span ? this.reader.toText() : undefined;
    if (found.sheet !== this.number) this.open(found.sheet);
    const [row, column] = found.cells[0];
    await this.load(row - 2, row + 40);
    if (span) this.select(row, column, share || 0.3);
    else { this.scroll.scrollTop = (row - 1) * ROW_PX; this.draw(); }
  }
}
