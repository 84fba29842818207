// A small search over the text: passages to cite, or notes to link to. Arrow keys step, Enter takes, Escape leaves.
function finder(frame, { label, ask, take, leave }) {
  const box = make("div", "finder");
  const words = make("input");
  words.type = "search";
  words.placeholder = label;
  words.setAttribute("aria-label", label);
  words.setAttribute("role", "combobox");
  words.setAttribute("aria-expanded", "true");
  words.setAttribute("aria-controls", "found");
  words.autocomplete = "off";
  const found = make("ul", "found");
  found.id = "found";
  found.setAttribute("role", "listbox");
  found.setAttribute("aria-label", "Found");
  const says = make("p", "says");
  says.setAttribute("role", "status");
  const row = make("div", "asked");
  row.append(words, button("tool", "×", "Close the search", () => close(true)));
  box.append(row, says, found);
  frame.append(box);
  let all = [], at = 0, timer = 0, turn = 0;

  function close(back) {
    clearTimeout(timer);
    turn += 1;
    box.remove();
    leave(back);
  }
  function choose(place) {
    if (!all[place]) return;
    const one = all[place];
    close(false);
    take(one);
  }
  function draw() {
    found.replaceChildren(...all.map((one, place) => {
      const item = make("li", place === at ? "at" : "");
      item.id = `found-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(place === at));
      item.append(make("span", "title", one.title));
      if (one.about) item.append(make("span", "about", one.about));
      item.onmousedown = (event) => { event.preventDefault(); choose(place); };
      return item;
    }));
    words.setAttribute("aria-activedescendant", all.length ? `found-${at}` : "");
    found.children[at]?.scrollIntoView({ block: "nearest" });
  }
  async function look() {
    const mine = ++turn;
    says.textContent = "Searching…";
    const answer = await ask(words.value);
    if (mine !== turn) return;
    all = answer.found ?? [];
    at = 0;
    says.textContent = answer.message ?? (all.length ? "" : answer.nothing ?? "");
    draw();
  }
  words.oninput = () => { clearTimeout(timer); timer = setTimeout(look, 220); };
  words.onkeydown = (event) => {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) { event.preventDefault(); at = (at + step + all.length) % all.length; draw(); }
    if (event.key === "Enter") { event.preventDefault(); choose(at); }
    if (event.key === "Escape") { event.preventDefault(); close(true); }
  };
  words.focus({ preventScroll: true });
  look();
  return close;
}
