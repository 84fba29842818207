// A row of source chips; a click ticks or unticks one. All text enters as text nodes.
const make = (cls, text, act) => {
  const node = document.createElement(act ? "button" : "span");
  node.className = cls;
  node.textContent = text;
  if (act) node.type = "button", (node.onclick = act);
  return node;
};

function chipOf(source, send) {
  const chip = make("tick" + (source.on ? " on" : ""), "", () => send("flip", { ids: [source.id], counts: !source.on }));
  chip.append(make("box", source.on ? "✓" : ""), make("name", source.name));
  chip.title = source.name;
  chip.dataset.id = source.id;
  chip.setAttribute("role", "checkbox");
  chip.setAttribute("aria-checked", String(source.on));
  return chip;
}

function draw(root, data, send) {
  const open = root.dataset.open === "yes";
  const chips = data.chips.map((source) => chipOf(source, send));
  const shown = WIDE.matches ? data.column : data.shown;
  const rest = chips.length - shown;
  const head = make("head", "Sources that count");
  head.setAttribute("aria-hidden", "true");
  root.replaceChildren(head, ...(rest > 1 && !open ? chips.slice(0, shown) : chips));
  if (rest > 1) {
    const all = data.chips.every((source) => source.on);
    root.append(
      make("tick plain", open ? "Show fewer" : `${rest} more`, () => { root.dataset.open = open ? "no" : "yes"; draw(root, data, send); }),
      make("tick plain", all ? "None" : "All", () => send("flip", { ids: data.chips.map((source) => source.id), counts: !all })),
    );
  }
  const add = make("tick plain", "+ Add", () => send("add", true));
  add.setAttribute("aria-label", "Add sources");
  root.append(add);
  return chips;
}

const WIDE = matchMedia("(min-width: 1600px)");     // a column of its own, see halo.css

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ticks");
  root.setAttribute("aria-label", "Sources that count");
  const focused = parentElement.activeElement?.dataset?.id;
  const chips = draw(root, data, setTriggerValue);
  WIDE.onchange = () => draw(root, data, setTriggerValue);
  if (focused) chips.find((chip) => chip.dataset.id === focused)?.focus();
}
