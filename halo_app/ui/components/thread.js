// Draws a conversation turn by turn, with what can be done with each. It follows thread_parts.js.
function versions(turn, index, send) {
  if (!(turn.version?.total > 1)) return "";
  const { place, total } = turn.version;
  const group = make("span", "versions");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Versions of this turn");
  const step = (sign, by, label, ends) => {
    const node = button("quiet step", sign, () => send("version", { turn: index, by }), label);
    node.disabled = ends;
    node.dataset.name = `${label}-${index}`;
    return node;
  };
  group.append(step("‹", -1, "Earlier version", place === 1), make("span", "count", `${place} of ${total}`),
    step("›", 1, "Later version", place === total));
  return group;
}

function meter(turn, index, unfolded) {
  if (!turn.meter?.length) return turn.facts ? [make("span", "facts", turn.facts), null] : ["", null];
  const list = make("dl", "meter");
  for (const [what, words] of turn.meter) list.append(make("dt", "", what), make("dd", "", words));
  list.hidden = !unfolded.has(index);
  const node = button("facts open", turn.facts || "How this came about", () => {
    list.hidden = !list.hidden;
    list.hidden ? unfolded.delete(index) : unfolded.add(index);
    node.setAttribute("aria-expanded", String(!list.hidden));
  });
  node.setAttribute("aria-expanded", String(!list.hidden));
  node.dataset.name = `meter-${index}`;
  node.title = "What went into this answer";
  return [node, list];
}

function close(turn, index, send, shown) {
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
  return [node, list];
}

function quietly(words, name, index, act, label) {
  const node = button("quiet", words, act, label);
  node.dataset.name = `${name}-${index}`;
  return node;
}

function actions(turn, index, send, kept, can) {
  const row = make("div", "actions");
  const after = [];
  if (turn.failure && can.again) row.append(button("act first", "Ask the model again", () => send("again", { turn: index })));
  if (turn.sentences.length) {
    if (can.saves) row.append(button("act", "Save to note", () => send("save", { turn: index })));
    const node = button("act", "Copy with citations", () => copy(turn, node));
    row.append(node);
  }
  if (!turn.listed && turn.nearest.length) {
    const [node, list] = close(turn, index, send, kept.shown);
    row.append(node);
    after.push(list);
  }
  const quiet = make("span", "quietly");
  if (can.pins) quiet.append(quietly(turn.pinned ? "Unpin" : "Pin", "pin", index, () => send("pin", { turn: index, pinned: !turn.pinned }),
    turn.pinned ? "Unpin this answer" : "Pin this answer"));
  if (can.again && !turn.failure) quiet.append(quietly("Answer again", "again", index, () => send("again", { turn: index })));
  if (can.remembers) quiet.append(quietly("Remember this", "remember", index, () => send("remember", { turn: index })));
  quiet.append(versions(turn, index, send));
  const [facts, list] = meter(turn, index, kept.unfolded);
  row.append(quiet, facts);
  if (list) after.push(list);
  return [row, ...after];
}

function assistant(turn, index, send, kept, can) {
  const block = make("section", "turn" + (turn.pinned ? " pinned" : ""));
  block.setAttribute("aria-label", "Answer");
  block.dataset.turn = String(index);
  if (turn.failure) {
    const words = make("div", "failure");
    words.setAttribute("role", "alert");
    words.append(make("strong", "", "The language model gave no answer."), " ", turn.failure);
    block.append(words);
  }
  block.append(sentences(turn, index, send));
  if (turn.listed && turn.nearest.length) block.append(make("p", "also", turn.listed), nearest(turn, index, send));
  if (turn.still) return block;
  block.append(remembered(turn));
  if (turn.reason) block.append(why(turn.reason));
  block.append(...actions(turn, index, send, kept, can));
  return block;
}

function why(words) {
  const block = make("div", "failure", words);
  block.setAttribute("role", "alert");
  return block;
}

function attachments(turn) {
  const row = make("div", "attached");
  for (const one of turn.attached ?? []) row.append(make("span", "file" + (one.is_source ? "" : " out"), one.name));
  return row.childNodes.length ? row : "";
}

function editing(turn, index, send, drafts, redraw) {
  const form = make("div", "editing");
  const box = make("textarea", "");
  box.value = drafts.get(index);
  box.rows = 3;
  box.maxLength = 8000;
  box.setAttribute("aria-label", "The question, to be asked in other words");
  const done = () => { drafts.delete(index); redraw(index); };
  const put = () => {
    const text = box.value.trim();
    if (!text) return;
    drafts.delete(index);
    send("edit", { turn: index, text });
    redraw(index);
  };
  box.oninput = () => drafts.set(index, box.value);
  box.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "Escape") done();
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) event.preventDefault(), put();
  };
  const row = make("div", "row");
  row.append(make("span", "facts", "The earlier question is kept beside it."), button("act", "Cancel", done), button("act first", "Ask this", put));
  form.append(box, row);
  return form;
}

function asked(turn, index, send, can, drafts, redraw) {
  const block = make("div", "asked");
  block.dataset.turn = String(index);
  if (drafts.has(index)) {
    block.append(editing(turn, index, send, drafts, redraw));
    return block;
  }
  const row = make("div", "quietly");
  if (can.edits) row.append(quietly("Edit", "edit", index, () => { drafts.set(index, turn.text); redraw(index); }, "Edit this question"));
  if (can.remembers && !turn.waiting) row.append(quietly("Remember this", "remember", index, () => send("remember", { turn: index }), "Remember this question"));
  row.append(versions(turn, index, send));
  block.append(attachments(turn), make("div", "question", turn.text), row);
  if (!turn.waiting) return block;
  const whole = make("section", "turn");
  const ways = make("div", "actions");
  ways.append(make("span", "facts", turn.reason ? "" : "This question has no answer yet."), button("act first", "Ask again", () => send("retry", { turn: index })));
  whole.append(block, turn.reason ? why(turn.reason) : "", ways);
  return whole;
}

function pins(node, turns, root) {
  // The pinned answers stay at hand on top: a click leads to the turn.
  const found = turns.map((turn, index) => ({ turn, index })).filter(({ turn }) => turn.pinned);
  node.hidden = !found.length;
  node.replaceChildren(...(found.length ? [make("span", "label", "Pinned")] : []), ...found.map(({ index }) => {
    const words = turns.slice(0, index).findLast((turn) => turn.role === "user")?.text ?? "An answer";
    const link = button("pin", words, () => {
      root.children[index].scrollIntoView({ block: "center" });
      root.children[index].querySelector("button")?.focus({ preventScroll: true });
    });
    link.title = words;
    return link;
  }));
}

const memory = new WeakMap();

function keyboard(root, send) {
  const chips = () => [...root.querySelectorAll(".chip")].filter((c) => c.offsetParent !== null);
  root.onkeydown = (event) => {
    const told = root.querySelector(".judged.open");
    if (event.key === "Escape") told ? tell(told, told.firstChild, false) : send("close", true);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = chips();
    const at = all.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = all[(at + step + all.length) % all.length];
    next.focus();
    next.click();
  };
  return chips;
}

function refocus(root, chips, focused, place) {
  if (place >= 0) (root.querySelector(".chip.open") ?? chips()[place])?.focus({ preventScroll: true });
  const name = focused?.dataset?.name;
  if (name) [...root.querySelectorAll("[data-name]")].find((node) => node.dataset.name === name)?.focus({ preventScroll: true });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".thread");
  const kept = memory.get(root) ?? { shown: new Set(), unfolded: new Set(), drafts: new Map() };
  memory.set(root, kept);
  const focused = parentElement.activeElement ?? document.activeElement;
  const chips = keyboard(root, setTriggerValue);
  const place = root.contains(focused) ? chips().indexOf(focused) : -1;
  const draw = (turn, index) => turn.role === "user"
    ? asked(turn, index, setTriggerValue, data, kept.drafts, redraw)
    : assistant(turn, index, setTriggerValue, kept, data);
  const redraw = (index) => {
    root.children[index].replaceWith(draw(data.turns[index], index));
    (root.children[index].querySelector("textarea") ?? root.children[index].querySelector("[data-name^=edit]"))?.focus();
  };
  root.replaceChildren(...data.turns.map(draw));
  pins(parentElement.querySelector(".pins"), data.pins ? data.turns : [], root);
  refocus(root, chips, root.contains(focused) ? focused : null, place);
}
