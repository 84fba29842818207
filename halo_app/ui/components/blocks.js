// Draws what an output says, section by section, each in its layout. All text enters as text nodes.
const make = (tag, cls, ...inside) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  node.append(...inside.filter((one) => one !== undefined && one !== ""));
  return node;
};
const flat = (text) => text.replace(/\s+/g, " ");

function chip(cite, send, short) {
  const node = make("button", "chip" + (cite.open ? " open" : "") + (short ? " short" : ""), short ? String(cite.n + 1) : cite.label);
  node.type = "button";
  node.title = `${cite.source}${cite.place ? ", " + cite.place : ""}\n“${cite.quote}”`;
  node.setAttribute("aria-label", `Citation ${cite.label}, from ${cite.source}`);
  node.setAttribute("aria-pressed", String(Boolean(cite.open)));
  node.onclick = (event) => {
    event.preventDefault();
    send("open", cite.n);
  };
  return node;
}

function verdict(one) {
  const [sign, word] = { verified: ["✓", "checked"], partial: ["◐", "partial"], unsupported: ["✕", "unsupported"] }[one.verdict];
  return make("span", "verdict " + one.verdict, `${sign}\u00a0${word}${one.reason ? ": " + one.reason : ""}`);
}

// A sentence with its chips: a quote needs no verdict, the words of a model carry theirs.
function said(one, send, short = false, gap = null) {
  const nodes = [];
  if (gap) nodes.push(flat(one.text.slice(0, gap[0])), make("span", "gap", "\u2003\u2003\u2003"), flat(one.text.slice(gap[1])));
  else nodes.push(flat(one.text));
  if (!gap) for (const cite of one.cites) nodes.push(" ", chip(cite, send, short));
  if (!one.quoted) nodes.push(" ", verdict(one));
  return nodes;
}

// A value in a table opens its citation itself: a chip behind each number would be louder than the numbers.
function cell(one, send) {
  if (one.text.length > 40 || one.cites.length !== 1) return make("div", "", ...said(one, send, true));
  const node = chip(one.cites[0], send, true);
  node.className = "chip value" + (one.cites[0].open ? " open" : "");
  node.textContent = flat(one.text);
  node.setAttribute("aria-label", `${flat(one.text)}, citation ${one.cites[0].n + 1}, from ${one.cites[0].source}`);
  return make("div", "", node);
}

const paragraph = (one, send, short) => make("p", "said", ...said(one, send, short));

const LAYOUTS = {
  prose: (part, send) => part.sentences.map((one) => paragraph(one, send)),
  list: (part, send) => [make("ul", "points", ...part.sentences.map((one) => make("li", "said", ...said(one, send))))],
  pairs: (part, send) => [make("dl", "pairs", ...part.items.flatMap((item) => [
    make("dt", "", flat(item.label)), make("dd", "", ...item.sentences.map((one) => paragraph(one, send)))]))],
  timeline: (part, send) => [make("ol", "timeline", ...part.items.map((item) =>
    make("li", "", make("span", "day", item.label, item.detail ? make("small", "", ` ${item.detail}`) : ""),
      make("div", "", ...item.sentences.map((one) => paragraph(one, send))))))],
  table: (part, send) => {
    const labelled = part.items.some((item) => item.label);
    const head = make("tr", "", ...[...(labelled ? [""] : []), ...part.columns].map((name) => make("th", "", flat(name))));
    const rows = part.items.map((item) => {
      const cells = item.cells.map((inside) => make("td", "", ...(inside.length ? inside.map((one) => cell(one, send)) : [make("span", "none", "–")])));
      const row = make("tr", "", ...(labelled ? [make("th", "", flat(item.label))] : []), ...cells);
      row.firstChild?.setAttribute("scope", "row");
      return row;
    });
    const frame = make("div", "frame", make("table", "", make("thead", "", head), make("tbody", "", ...rows)));
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", part.title);
    return [frame];
  },
  sides: (part, send) => part.items.map((item) => make("div", "sides", make("h3", "", flat(item.label)),
    make("div", "beside", ...item.cells.map(([value, whole]) => make("div", "side", make("mark", "", flat(value.text)),
      make("span", "from", value.cites[0]?.source ?? ""), whole ? paragraph(whole, send) : ""))))),
  cards: (part, send) => [make("div", "deck", ...part.items.map((item) => flashcard(item, send)))],
  quiz: (part, send, kept) => part.items.map((item, at) => question(item, at, send, kept)),
  tree: (part, send) => [branches(part.items, send)],
  slide: (part, send) => {
    const [points, ...notes] = part.items;
    const slide = make("div", "slide", make("h2", "title", part.title), make("ul", "points", ...(points?.sentences ?? []).map((one) => make("li", "said", ...said(one, send, true)))));
    return [slide, ...notes.map((item) => make("div", "notes", make("h3", "", item.label), ...item.sentences.map((one) => paragraph(one, send, true))))];
  },
};

function flashcard(item, send) {
  const card = make("div", "flash");
  const front = item.gap.length ? make("p", "said", ...said(item.sentences[0], send, false, item.gap)) : make("p", "front", flat(item.label));
  const back = make("div", "back", item.gap.length ? make("p", "front", item.right) : "", ...item.sentences.map((one) => paragraph(one, send)));
  back.hidden = !item.sentences.some((one) => one.cites.some((cite) => cite.open));
  const turn = make("button", "act", back.hidden ? "Turn" : "Turn back");
  turn.type = "button";
  turn.setAttribute("aria-expanded", String(!back.hidden));
  turn.onclick = () => {
    back.hidden = !back.hidden;
    turn.textContent = back.hidden ? "Turn" : "Turn back";
    turn.setAttribute("aria-expanded", String(!back.hidden));
  };
  card.append(front, back, turn);
  return card;
}

function question(item, at, send, kept) {
  const block = make("div", "question-block");
  block.setAttribute("role", "group");
  block.setAttribute("aria-label", `Question ${at + 1}`);
  const told = make("div", "told");
  told.setAttribute("role", "status");
  const buttons = item.choices.map((words) => {
    const button = make("button", "choice", flat(words));
    button.type = "button";
    button.onclick = () => {
      kept.set(at, words);
      answer(words);
    };
    return button;
  });
  function answer(words) {
    const good = words === item.right;
    buttons.forEach((button, place) => {
      button.classList.toggle("good", item.choices[place] === item.right);
      button.classList.toggle("bad", item.choices[place] === words && !good);
    });
    told.replaceChildren(make("span", good ? "verdict verified" : "verdict unsupported", good ? "✓\u00a0Right" : `✕\u00a0It is: ${flat(item.right)}`),
      paragraph(item.sentences[0], send));
  }
  block.append(make("p", "said", `${at + 1}. `, ...said(item.sentences[0], send, false, item.gap)), make("div", "choices", ...buttons), told);
  if (kept.has(at)) answer(kept.get(at));
  return block;
}

function branches(items, send) {
  const root = make("ul", "tree");
  const open = [{ level: 0, list: root }];
  items.forEach((item, at) => {
    while (open.length > 1 && open[open.length - 1].level >= item.level) open.pop();
    const entry = make("li");
    open[open.length - 1].list.append(entry);
    if (!item.label) {
      entry.append(...item.sentences.map((one) => paragraph(one, send)));
      return;
    }
    const below = items[at + 1]?.level > item.level;
    if (!below) {
      entry.append(make("span", "leaf", flat(item.label)));
      return;
    }
    const fold = make("details", "", make("summary", "", flat(item.label)));
    fold.open = item.level <= 2;
    const list = make("ul");
    fold.append(list);
    entry.append(fold);
    open.push({ level: item.level, list });
  });
  return root;
}

const answered = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".blocks");
  const kept = answered.get(root) ?? new Map();
  answered.set(root, kept);
  const folded = new Map([...root.querySelectorAll("details")].map((fold) => [fold.firstChild.textContent, fold.open]));
  const turned = [...root.querySelectorAll(".back")].map((back) => back.hidden);
  const chips = () => [...root.querySelectorAll(".chip")].filter((one) => one.offsetParent !== null);
  const focused = parentElement.activeElement ?? document.activeElement;
  const place = root.contains(focused) ? chips().indexOf(focused) : -1;
  root.replaceChildren(...data.sections.map((part) => {
    const block = make("section", `block layout-${part.layout}`, part.layout === "slide" ? "" : make("h2", "title", part.title),
      part.remark ? make("p", "facts", part.remark) : "", ...(LAYOUTS[part.layout] ?? LAYOUTS.prose)(part, setTriggerValue, kept));
    if (part.layout !== "prose" && part.layout !== "list" && part.sentences.length) block.append(...LAYOUTS.prose(part, setTriggerValue));
    return block;
  }));
  for (const fold of root.querySelectorAll("details")) if (folded.has(fold.firstChild.textContent)) fold.open = folded.get(fold.firstChild.textContent);
  [...root.querySelectorAll(".back")].forEach((back, at) => { if (turned[at] === false && back.hidden) back.nextSibling.click(); });
  if (place >= 0) (root.querySelector(".chip.open") ?? chips()[place])?.focus({ preventScroll: true });
  root.onkeydown = (event) => {
    if (event.key === "Escape") setTriggerValue("close", true);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = chips();
    const at = all.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = all[(at + step + all.length) % all.length];
    next.focus();
    next.click();
  };
}
