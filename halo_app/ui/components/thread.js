// Draws a conversation: questions, answers sentence by sentence, citation chips. All text enters as text nodes.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const button = (cls, text, act) => {
  const node = make("button", cls, text);
  node.type = "button";
  node.onclick = act;
  return node;
};

function rich(parent, text) {
  // **bold** and `code` of a language model, as elements made here.
  for (const part of text.split(/(\*\*[^*]+\*\*|`[^`]+`)/)) {
    if (part.startsWith("**") && part.length > 4) parent.append(make("strong", "", part.slice(2, -2)));
    else if (part.startsWith("`") && part.length > 2) parent.append(make("code", "", part.slice(1, -1)));
    else parent.append(document.createTextNode(part));
  }
}

function chip(cite, turn, send) {
  const node = button("chip" + (cite.open ? " open" : ""), cite.label, () => send("open", { turn, n: cite.n }));
  node.title = `${cite.source}${cite.place ? ", " + cite.place : ""}\n“${cite.quote}”`;
  node.setAttribute("aria-label", `Citation ${cite.label}, from ${cite.source}`);
  node.setAttribute("aria-pressed", String(Boolean(cite.open)));
  return node;
}

function verdict(sentence) {
  const words = { verified: ["✓", "verified"], partial: ["◐", "partial"], unsupported: ["✕", "unsupported"] }[sentence.verdict];
  const node = make("span", "verdict " + sentence.verdict, `${words[0]}\u00a0${words[1]}`);
  if (sentence.reason) node.append(`: ${sentence.reason}`);
  return node;
}

function sentences(turn, index, send) {
  const body = make("div", "answer");
  if (turn.title) body.append(make("h2", "title", turn.title));
  if (turn.lead) body.append(make("p", "lead", turn.lead));
  if (turn.title && !turn.sentences.length) body.append(make("p", "facts", "Nothing here could be quoted."));
  let paragraph = null;
  for (const sentence of turn.sentences) {
    if (sentence.breaks || !paragraph) body.append((paragraph = make("p", "said")));
    rich(paragraph, sentence.quoted ? `“${sentence.text}”` : sentence.text);
    for (const cite of sentence.cites) paragraph.append(" ", chip(cite, index, send));
    paragraph.append(" ", verdict(sentence), " ");
  }
  return body;
}

function nearest(turn, index, send) {
  const list = make("ol", "nearest");
  for (const cite of turn.nearest) {
    const item = make("li");
    item.append(make("span", "quote", `“${cite.quote}”`), " ", chip(cite, index, send), make("span", "from", cite.source));
    list.append(item);
  }
  return list;
}

async function copy(turn, node) {
  const lines = turn.sentences.map((s) => s.text + s.cites.map((c) => ` [${c.n + 1}]`).join(""));
  const seen = new Map();
  for (const c of [...turn.sentences.flatMap((s) => s.cites)]) seen.set(c.n, `[${c.n + 1}] ${c.source}${c.place ? ", " + c.place : ""}: “${c.quote}”`);
  await navigator.clipboard.writeText([turn.lead, ...lines, "", ...seen.values()].filter((l) => l !== undefined).join("\n").trim());
  node.textContent = "Copied";
  setTimeout(() => (node.textContent = "Copy with citations"), 1500);
}

function remembered(turn) {
  const block = make("div", "remembered");
  if (turn.remembered?.length) {
    block.append(make("span", "label", "Remembered:"));
    const list = make("ul");
    for (const one of turn.remembered) {
      const item = make("li", "", one.text);
      item.append(" ", make("span", "why", `– ${one.why}`));
      list.append(item);
    }
    block.append(list);
  }
  if (turn.memory) block.append(make("p", "why", `Memory could not be used for this turn: ${turn.memory}.`));
  return block.childNodes.length ? block : "";
}

function actions(turn, index, send, shown, can) {
  const row = make("div", "actions");
  if (turn.failure) row.append(button("act first", "Ask the model again", () => send("retry", { turn: index })));
  if (turn.sentences.length) {
    if (can.saves) row.append(button("act", "Save to note", () => send("save", { turn: index })));
    const node = button("act", "Copy with citations", () => copy(turn, node));
    row.append(node);
  }
  if (can.remembers) row.append(button("act", "Remember this", () => send("remember", { turn: index })));
  if (!turn.listed && turn.nearest.length) {
    const list = nearest(turn, index, send);
    list.hidden = !shown.has(index) && !turn.nearest.some((c) => c.open);
    const words = () => (list.hidden ? "Show" : "Hide") + ` ${turn.nearest.length} close passage${turn.nearest.length > 1 ? "s" : ""}`;
    const node = button("act", words(), () => {
      list.hidden = !list.hidden;
      list.hidden ? shown.delete(index) : shown.add(index);
      node.textContent = words();
      node.setAttribute("aria-expanded", String(!list.hidden));
    });
    node.setAttribute("aria-expanded", String(!list.hidden));
    row.append(node);
    row.after_list = list;
  }
  row.append(make("span", "facts", turn.facts));
  return row;
}

function assistant(turn, index, send, shown, can) {
  const block = make("section", "turn");
  block.setAttribute("aria-label", "Answer");
  if (turn.failure) {
    const words = make("div", "failure");
    words.setAttribute("role", "alert");
    words.append(make("strong", "", "The language model gave no answer."), " ", turn.failure, " ", turn.sentences.length ? "Below is what your sources say, found without it." : "");
    block.append(words);
  }
  block.append(sentences(turn, index, send));
  if (turn.listed && turn.nearest.length) block.append(make("p", "also", turn.listed), nearest(turn, index, send));
  if (turn.still) return block;
  block.append(remembered(turn));
  const row = actions(turn, index, send, shown, can);
  block.append(row);
  if (row.after_list) block.append(row.after_list);
  return block;
}

function asked(turn, index, send, can) {
  const question = make("div", "question", turn.text);
  if (!turn.waiting && !can.remembers) return question;
  if (!turn.waiting) {
    const said = make("div", "asked");
    const keep = button("quiet", "Remember this", () => send("remember", { turn: index }));
    keep.setAttribute("aria-label", "Remember this question");
    said.append(question, keep);
    return said;
  }
  const block = make("section", "turn");
  const row = make("div", "actions");
  row.append(make("span", "facts", "This question has no answer yet."), button("act", "Ask again", () => send("retry", { turn: index })));
  block.append(question, row);
  return block;
}

const memory = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".thread");
  const shown = memory.get(root) ?? new Set();
  memory.set(root, shown);
  const focused = parentElement.activeElement ?? document.activeElement;
  const chips = () => [...root.querySelectorAll(".chip")].filter((c) => c.offsetParent !== null);
  const place = root.contains(focused) ? chips().indexOf(focused) : -1;
  root.replaceChildren(...data.turns.map((turn, index) =>
    turn.role === "user" ? asked(turn, index, setTriggerValue, data) : assistant(turn, index, setTriggerValue, shown, data)));
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
