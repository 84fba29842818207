// Draws the templates in groups. The small pictures are drawn here; all text enters as text nodes.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

// Each drawing is a list of [class, x, y, width, height] on a sheet of 44 by 54.
const lines = (from, count, x = 6, width = 32) => Array.from({ length: count }, (_, i) => ["ink", x, from + 6 * i, i === count - 1 ? width * 0.6 : width, 2.4]);
const DRAWINGS = {
  prose: [["green", 6, 7, 18, 3.4], ...lines(15, 3), ["green", 6, 35, 12, 3], ...lines(41, 2)],
  list: [["green", 6, 7, 18, 3.4], ...[16, 25, 34, 43].flatMap((y) => [["green", 6, y, 3, 3], ["ink", 12, y, 26, 2.4], ["ink", 12, y + 4, 18, 2]])],
  pairs: [8, 23, 38].flatMap((y) => [["green", 6, y, 22, 3], ["ink", 6, y + 5.5, 32, 2.2], ["ink", 6, y + 9.5, 20, 2.2]]),
  timeline: [["ink", 10.6, 6, 1, 42], ...[8, 21, 34].flatMap((y) => [["green", 8.6, y, 5, 5], ["ink", 18, y, 12, 2.2], ["ink", 18, y + 4.5, 20, 2.2]])],
  table: [["green", 6, 9, 32, 6], ...[18, 26, 34, 42].flatMap((y) => [["ink", 6, y, 9, 3], ["ink", 18, y, 9, 3], ["ink", 30, y, 8, 3]])],
  sides: [["soft", 5, 9, 15, 34], ["soft", 24, 9, 15, 34], ["mark", 8, 14, 9, 5], ["mark", 27, 14, 9, 5], ...[24, 29, 34].flatMap((y) => [["ink", 8, y, 9, 2], ["ink", 27, y, 9, 2]])],
  cards: [["soft", 12, 7, 26, 20], ["soft", 9, 14, 26, 20], ["soft", 6, 21, 26, 24], ["green", 10, 28, 14, 3], ["ink", 10, 35, 18, 2.2]],
  quiz: [["ink", 6, 9, 32, 2.4], ["ink", 6, 14, 12, 2.4], ["mark", 20, 13, 12, 4.4], ["soft", 6, 24, 32, 6], ["green", 6, 33, 32, 6], ["soft", 6, 42, 32, 6]],
  tree: [["green", 5, 24, 10, 6], ["ink", 15, 26.5, 5, 1], ["ink", 20, 11, 1, 32], ...[9, 24, 40].flatMap((y) => [["ink", 20, y + 2, 4, 1], ["soft", 24, y, 15, 6]])],
  slide: [["soft", 4, 12, 36, 24], ["green", 8, 17, 16, 3], ["ink", 8, 24, 24, 2], ["ink", 8, 28.5, 20, 2], ["ink", 8, 42, 28, 1.6], ["ink", 8, 46, 18, 1.6]],
};

function drawing(shape) {
  const space = "http://www.w3.org/2000/svg";
  const sheet = document.createElementNS(space, "svg");
  sheet.setAttribute("viewBox", "0 0 44 54");
  sheet.setAttribute("class", "preview");
  sheet.setAttribute("aria-hidden", "true");
  for (const [cls, x, y, width, height] of DRAWINGS[shape] ?? DRAWINGS.prose) {
    const box = document.createElementNS(space, "rect");
    for (const [name, value] of Object.entries({ class: cls, x, y, width, height, rx: Math.min(1.6, height / 2) })) box.setAttribute(name, value);
    sheet.append(box);
  }
  return sheet;
}

function card(one, canMake, send) {
  const item = make("li", "card");
  const head = make("div", "head");
  const words = make("div");
  const title = make("h3", "", one.title);
  title.id = `template-${one.name}`;
  words.append(title, make("p", "", one.purpose));
  head.append(drawing(one.shape), words);
  const row = make("div", "row");
  for (const [label, name, cls, can] of [["Make", "make", "", canMake], ["Options", "choose", "quiet", true]]) {
    const button = make("button", cls, label);
    button.type = "button";
    button.disabled = !can;
    button.setAttribute("aria-describedby", title.id);
    button.onclick = () => send(name, one.name);
    row.append(button);
  }
  item.append(head, row);
  return item;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery");
  const drawn = JSON.stringify(data);
  if (root.dataset.drawn === drawn) return;
  root.dataset.drawn = drawn;
  root.replaceChildren(...data.groups.map((group) => {
    const block = make("section");
    const list = make("ul", "cards");
    list.append(...group.cards.map((one) => card(one, data.can_make, setTriggerValue)));
    block.append(make("h2", "", group.title), list);
    return block;
  }));
}
