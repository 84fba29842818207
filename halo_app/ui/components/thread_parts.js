// Parts of a turn: sentences, citation chips, verdicts that explain themselves. All text enters as text nodes; thread.js follows.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const button = (cls, text, act, label) => {
  const node = make("button", cls, text);
  node.type = "button";
  node.onclick = act;
  if (label) node.setAttribute("aria-label", label), (node.title = label);
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

const WORDS = { verified: ["✓", "verified"], partial: ["◐", "partial"], unsupported: ["✕", "unsupported"] };

function verdict(sentence, still) {
  const [sign, word] = WORDS[sentence.verdict];
  const said = `${sign}\u00a0${word}${sentence.reason ? `: ${sentence.reason}` : ""}`;
  if (still || !sentence.why) return make("span", "verdict " + sentence.verdict, said);
  const whole = make("span", "judged");
  const badge = button("verdict " + sentence.verdict, said, () => tell(whole, badge, whole.dataset.held !== "yes", true));
  const bubble = make("span", "bubble", sentence.why);
  bubble.id = `why-${(sequence += 1)}`;
  bubble.setAttribute("role", "tooltip");
  badge.setAttribute("aria-describedby", bubble.id);
  badge.onmouseenter = () => tell(whole, badge, true);
  badge.onmouseleave = () => whole.dataset.held === "yes" || tell(whole, badge, false);
  badge.onfocus = () => badge.matches(":focus-visible") && tell(whole, badge, true);
  badge.onblur = () => tell(whole, badge, false);
  whole.append(badge, bubble);
  return whole;
}

let sequence = 0;

function tell(whole, badge, open, held = false) {
  // A click holds it open; leaving or Escape lets go.
  whole.classList.toggle("open", open);
  whole.dataset.held = open && held ? "yes" : "";
  if (open) settle(whole.lastChild, badge);
}

function settle(bubble, badge) {
  // The bubble stays inside the conversation, whichever line the badge stands on.
  const frame = badge.closest(".thread").getBoundingClientRect();
  const at = badge.getBoundingClientRect();
  const width = Math.min(320, frame.width);
  bubble.style.width = `${width}px`;
  bubble.style.left = `${Math.min(0, frame.right - at.left - width)}px`;
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
    paragraph.append(" ", verdict(sentence, turn.still), " ");
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

