// Bars over time with a legend that wraps. A bar and a kind can be clicked when the page listens. All text enters as text nodes.
const ROOM_PX = 64;                               // for one name under the bars

const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const total = (row) => row.reduce((sum, one) => sum + one, 0);
const told = (data, at) => data.kinds.map((kind, n) => [kind, data.counts[at][n]]).filter(([, count]) => count)
  .map(([kind, count]) => `${kind} ${count.toLocaleString("en")}`).join(", ") || "nothing";

function steps(most) {
  // At most four whole steps of 1, 2 or 5 times a power of ten.
  const rough = Math.max(1, most / 4), power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough));
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, n) => n * step);
}

function legend(data, pick) {
  const row = make("div", "legend");
  data.kinds.forEach((kind, n) => {
    const entry = make(data.clickable ? "button" : "span", "kind", kind);
    entry.style.setProperty("--own", data.colours[n]);
    if (data.clickable) {
      entry.type = "button";
      entry.title = `Show each ${kind} in the table`;
      entry.onclick = () => pick({ kind });
    }
    row.append(entry);
  });
  return row;
}

function columns(data, field, highest, tip, pick) {
  const shown = data.counts.map((row, at) => {
    const column = make("div", "time");
    row.forEach((count, n) => {
      if (!count) return;
      const part = make("i");
      part.style.cssText = `height:${100 * count / highest}%`;
      part.style.setProperty("--own", data.colours[n]);
      column.append(part);
    });
    const say = () => {
      tip.replaceChildren(make("b", "", data.times[at]), told(data, at));
      tip.hidden = false;
      const left = field.offsetLeft + column.offsetLeft, right = left + column.offsetWidth;
      tip.style.left = `${left > tip.offsetWidth + 12 ? left - tip.offsetWidth - 8 : right + 8}px`;
      tip.style.top = `${field.parentElement.offsetTop + 4}px`;
    };
    column.onpointerenter = column.onfocus = say;
    column.onpointerleave = column.onblur = () => { tip.hidden = true; };
    if (data.clickable) {
      column.setAttribute("role", "option");
      column.setAttribute("aria-label", `${data.times[at]}: ${told(data, at)}`);
      column.setAttribute("aria-selected", String(at === data.chosen));
      column.tabIndex = at === (data.chosen ?? data.counts.length - 1) ? 0 : -1;
      column.onclick = () => pick({ time: at });
    }
    return column;
  });
  if (data.clickable) field.onkeydown = (event) => step(event, shown, pick);
  return shown;
}

function step(event, shown, pick) {
  const at = shown.indexOf(event.target);
  const by = { ArrowRight: 1, ArrowLeft: -1, Home: -shown.length, End: shown.length }[event.key];
  if (at < 0) return;
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick({ time: at }); }
  if (!by) return;
  event.preventDefault();
  const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
  shown[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

function names(data, row, width) {
  const every = Math.max(1, Math.ceil(data.short.length / Math.max(1, Math.floor(width / ROOM_PX))));
  row.replaceChildren(...data.short.flatMap((name, at) => {
    const place = (at + .5) / data.short.length * width;
    if (at % every || place > width - ROOM_PX / 3) return [];
    const one = make("span", "", name);
    one.style.left = `${Math.max(ROOM_PX / 3, place)}px`;
    return [one];
  }));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".bars");
  const focused = [...root.querySelectorAll(".time")].indexOf(parentElement.activeElement);
  const pick = (what) => setTriggerValue("pick", { ...what, at: Date.now() });
  const ticks = steps(Math.max(1, ...data.counts.map(total)));
  const highest = ticks[ticks.length - 1];
  const plot = make("div", "plot"), scale = make("div", "scale"), field = make("div", "field"), row = make("div", "names"), tip = make("div", "tip");
  tip.hidden = true;
  field.setAttribute("role", data.clickable ? "listbox" : "img");
  if (data.clickable) field.setAttribute("aria-orientation", "horizontal");
  const sums = data.kinds.map((kind, n) => `${kind} ${total(data.counts.map((one) => one[n])).toLocaleString("en")}`).join(", ");
  field.setAttribute("aria-label", data.clickable ? data.label : `${data.label}: ${sums}`);
  for (const tick of ticks) {
    const words = tick.toLocaleString("en"), at = `${100 * tick / highest}%`;
    const mark = make("b", "", words), line = make("div", "line");
    mark.style.bottom = line.style.bottom = at;
    scale.append(make("span", "", words), mark);
    if (tick) field.append(line);
  }
  for (const line of field.children) line.setAttribute("role", "presentation");
  scale.setAttribute("aria-hidden", "true");
  row.setAttribute("aria-hidden", "true");
  const shown = columns(data, field, highest, tip, pick);
  field.append(...shown);
  plot.append(scale, field, row);
  root.replaceChildren(legend(data, pick), plot, tip);
  const watch = new ResizeObserver(() => names(data, row, row.clientWidth));
  watch.observe(row);
  if (focused >= 0) shown[Math.min(focused, shown.length - 1)]?.focus();
  return () => watch.disconnect();
}
