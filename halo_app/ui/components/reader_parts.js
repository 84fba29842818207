// What all parts of the reader share: nodes whose words are always text, asking the server, and offsets in stored text.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const press = (cls, text, label, act) => {
  const node = make("button", cls, text);
  node.type = "button";
  if (label) node.setAttribute("aria-label", label), (node.title = label);
  node.onclick = act;
  return node;
};

const ask = async (reader, name, params = {}) => {
  const query = new URLSearchParams(params).toString();
  let told;
  try {
    const answer = await fetch(`/files/reader/${reader.source}/${name}${query ? `?${query}` : ""}`);
    if (answer.headers.get("content-type")?.startsWith("image/")) return await answer.blob();
    told = await answer.json();
  } catch {
    throw new Error("HALO did not answer. Look whether it is still running, then try again.");
  }
  if (told?.error) throw new Error(told.error);
  return told;
};

// The last index whose value is not greater; -1 before the first.
const below = (count, value, at) => {
  let low = 0, high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

// The server counts characters, the browser counts half of the rarer ones twice: only such texts need the slow way.
const cutter = (text) => {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return { length: text.length, cut: (from, to) => text.slice(from, to) };
  const marks = Array.from(text);
  return { length: marks.length, cut: (from, to) => marks.slice(from, to).join("") };
};

const later = (wait, act) => {
  let timer = 0;
  const run = (...given) => { clearTimeout(timer); timer = setTimeout(() => act(...given), wait); };
  run.stop = () => clearTimeout(timer);
  return run;
};

// Rows of known or guessed height, of which only those in sight are drawn.
class Heights {
  constructor(count, guess) {
    this.all = Float64Array.from({ length: count }, (_, index) => guess(index));
    this.tops = new Float64Array(count + 1);
    this.sum(0);
  }
  sum(from) {
    for (let index = from; index < this.all.length; index += 1) this.tops[index + 1] = this.tops[index] + this.all[index];
  }
  set(index, height) {
    const change = height - this.all[index];
    if (Math.abs(change) < 0.5) return 0;
    this.all[index] = height;
    this.sum(index);
    return change;
  }
  at(y) { return Math.max(0, Math.min(this.all.length - 1, below(this.all.length, y, (index) => this.tops[index]))); }
  get total() { return this.tops[this.all.length]; }
}

// A place as the address says it: `120-180`, `120`, or "" for the beginning.
const asked = (place) => {
  const [start, end] = place.split("-").map(Number);
  return { start, passage: end > start ? { start, end, kind: "passage" } : null };
};

// The passage without the places of the hits in it, so that both stand in reading order.
const split = (passage, hits) => {
  const parts = [];
  let at = passage.start;
  for (const hit of hits.filter((one) => one.start < passage.end && one.end > passage.start)) {
    if (hit.start > at) parts.push({ ...passage, start: at, end: hit.start });
    at = Math.max(at, hit.end);
  }
  if (at < passage.end) parts.push({ ...passage, start: at });
  return [...hits, ...parts].sort((one, other) => one.start - other.start);
};
