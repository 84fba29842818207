// The editor of one note: title, tools, text and how it reads, side by side or one of them. All text enters as text nodes.
const MODES = [["edit", "Edit"], ["split", "Split"], ["read", "Read"]];
const WIDE_PX = 1100;
const desks = new WeakMap();
const tool = (label) => (desk) => TOOLS.find((one) => one[1] === label)[2](desk.area);
const ACTS = {
  "note-bold": tool("Bold"), "note-italic": tool("Italic"), "note-heading": tool("Heading"), "note-list": tool("List"), "note-quote": tool("Quote"),
  "note-cite": (desk) => desk.find("passages"), "note-link": (desk) => desk.find("titles"),
};

class Desk {
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.saving = null;
    this.closeFinder = null;
    this.mode = localStorage.getItem("halo-note-mode") ?? (window.innerWidth >= WIDE_PX ? "split" : "edit");
    this.build();
  }

  build() {
    this.title = make("textarea", "title");
    this.title.rows = 1;
    this.title.oninput = () => this.fit(this.title, 38);
    this.title.setAttribute("aria-label", "Title");
    this.title.maxLength = 200;
    this.title.placeholder = "Untitled";
    this.title.onchange = () => this.typed();
    this.title.onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); this.area.focus(); } };
    this.area = make("textarea", "text");
    this.area.setAttribute("aria-label", "Text");
    this.area.placeholder = "Write here. / at the beginning of a line cites a source, [[ links to another note.";
    this.area.spellcheck = true;
    this.area.oninput = (event) => { this.typed(); this.grow(); this.begun(event); };
    this.area.onkeydown = (event) => this.key(event);
    this.area.onblur = () => this.saving?.save();                 // what is pressed next finds everything saved
    this.area.onpaste = (event) => this.take(event, event.clipboardData?.files);
    this.area.ondragover = (event) => event.preventDefault();
    this.area.ondrop = (event) => this.take(event, event.dataTransfer?.files);
    this.seen = make("div", "seen");
    this.state = make("span", "state");
    this.state.setAttribute("role", "status");
    this.trouble = make("div", "trouble");
    this.panes = make("div", "panes");
    this.panes.append(this.area, this.seen);
    this.over = make("div", "over");
    this.bar = this.tools();
    this.root.replaceChildren(this.title, this.trouble, this.bar, this.over, this.panes);
  }

  tools() {
    const bar = make("div", "bar");
    const set = make("div", "tools");
    set.setAttribute("role", "toolbar");
    set.setAttribute("aria-label", "Form of the text");
    for (const [sign, label, act] of TOOLS) set.append(button("tool", sign, label, () => act(this.area)));
    this.file = make("input");
    this.file.type = "file";
    this.file.multiple = true;
    this.file.hidden = true;
    this.file.onchange = () => { this.attach([...this.file.files]); this.file.value = ""; };
    set.append(button("tool", "[[ ]]", "Link to a note", () => this.find("titles")),
      button("tool cite", "Cite", "Cite a source", () => this.find("passages")),
      button("tool", "File", "Attach a file", () => this.file.click()), this.file,
      button("tool", "↶", "Undo", () => { this.area.focus(); document.execCommand("undo"); }),
      button("tool", "↷", "Redo", () => { this.area.focus(); document.execCommand("redo"); }));
    set.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const all = [...set.querySelectorAll("button")];
      if (step) all[(all.indexOf(event.target) + step + all.length) % all.length]?.focus();
    };
    const ways = make("div", "modes");
    ways.setAttribute("role", "group");
    ways.setAttribute("aria-label", "How the note is shown");
    this.ways = MODES.map(([mode, word]) => button(`mode ${mode}`, word, "", () => this.show(mode)));
    ways.append(...this.ways);
    bar.append(set, ways, this.state);
    return bar;
  }

  show(mode) {
    this.mode = mode;
    localStorage.setItem("halo-note-mode", mode);
    this.panes.className = `panes ${mode}${this.view?.open ? " citing" : ""}`;
    this.ways.forEach((way, place) => way.setAttribute("aria-pressed", String(MODES[place][0] === mode)));
    this.grow();
  }

  draw(data) {
    this.sources = data.sources;
    this.keys = data.keys;
    if (!this.saving || this.saving.id !== data.note.id) this.open(data.note);
    else if (data.note.revision > this.saving.revision && !this.saving.dirty && !this.saving.busy) this.adopt(data.note);
    if (data.note.revision >= this.saving.revision) this.read({ ...data.note, open: data.open });
    else if (this.view) this.read({ ...this.view, open: data.open });
    this.show(this.mode);
  }

  open(note) {
    this.saving?.stop();
    this.closeFinder?.(false);
    this.saving = new Saving(note, (said) => this.told(said), () => this.root.isConnected);
    this.fill(note);
    this.say(`Saved ${note.saved}`);
    this.trouble.replaceChildren();
    if (!note.text && note.title === "Untitled") { this.title.value = ""; requestAnimationFrame(() => this.title.focus({ preventScroll: true })); }
  }

  fill(note) {
    this.title.value = note.title;
    const { selectionStart: start, selectionEnd: end } = this.area;
    this.area.value = note.text;
    this.area.setSelectionRange(Math.min(start, note.text.length), Math.min(end, note.text.length));
    this.grow();
  }

  adopt(note) {
    this.saving.adopt(note);
    this.fill(note);
    this.read(note);
    this.trouble.replaceChildren();
    this.say(`Saved ${note.saved}`);
  }

  read(view) {
    this.view = { ...view, id: this.saving.id };
    this.seen.replaceChildren(drawTree(this.view, (what, value) => this.leave(what, value)));
    if (!view.blocks.length) this.seen.replaceChildren(make("p", "quiet", "Nothing is written yet."));
  }

  async leave(what, value) {
    await this.saving.save();
    this.send(what, value);
  }

  typed() {
    this.saving.typed(this.title.value.trim() || "Untitled", this.area.value);
    if (this.saving.dirty && !this.saving.conflict) this.say("Not saved yet");
  }

  told(said) {
    if (said.state === "saved") {
      this.say(`Saved ${said.saved}`);
      this.trouble.replaceChildren();
      this.read({ ...this.view, ...said });
      window.dispatchEvent(new CustomEvent("halo-note", { detail: { id: this.saving.id, title: said.title, line: said.line } }));
    } else if (said.state === "newer") {
      this.fill(said);
      this.read(said);
      this.say(`Changed in another window, ${said.saved}`);
    } else if (said.state === "elsewhere") this.both(said);
    else if (said.state === "away") this.warn("HALO is not answering. What you typed is here and is saved as soon as it is back.");
    else if (said.state === "gone") this.warn("This note was deleted elsewhere. Copy what you need: it is not saved any more.");
    else this.warn(`Not saved: ${said.message}. ${said.fix ?? ""}`);
  }

  say(words) { this.state.textContent = words; }

  warn(words) {
    const line = make("p", "warning", words);
    line.setAttribute("role", "alert");
    this.trouble.replaceChildren(line);
    this.say("Not saved yet");
  }

  both(there) {
    const mine = { ...this.saving.now };
    const box = make("div", "warning");
    box.setAttribute("role", "alert");
    const differ = make("pre", "differ");
    differ.tabIndex = 0;
    for (const [fate, text] of there.changes) differ.append(make({ added: "ins", removed: "del" }[fate] ?? "span", "", text));
    const row = make("div", "row");
    const act = async (name) => {
      const { ok, said } = await asked(`/files/note/${this.saving.id}/${name}`, mine);
      if (ok) { this.adopt(said); this.send("changed", said.revision); } else this.warn(`${said.message}. ${said.fix ?? ""}`);
    };
    row.append(
      button("act", "Keep mine", "", async () => {
        await asked(`/files/note/${this.saving.id}/aside`, { title: there.title, text: there.text });
        this.trouble.replaceChildren();
        await this.saving.keepMine(there.revision);
        this.send("changed", this.saving.revision);
      }),
      button("act", "Take the other", "", () => act("aside")),
      button("act", "Keep both", "", () => act("both")));
    box.append(make("p", "", `This note was changed in another window (${there.saved}). Nothing of either is lost: what you do not take stays in its history.`), row,
      make("p", "quiet", "What differs: struck out stands there, underlined is yours."), differ);
    this.trouble.replaceChildren(box);
    this.say("Not saved yet");
  }

  key(event) {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const way = `${event.ctrlKey || event.metaKey ? "Mod+" : ""}${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${event.code.replace("Key", "")}`;
    const name = Object.keys(this.keys).find((one) => this.keys[one].includes(way)) ?? { "Mod+B": "note-bold", "Mod+I": "note-italic" }[way];
    const act = ACTS[name] && (() => ACTS[name](this));
    if (act) { event.preventDefault(); act(); return; }
    if (event.key === "Enter" && !event.shiftKey && !command && !event.isComposing && goOn(this.area)) event.preventDefault();
  }

  begun(event) {
    if (event.inputType !== "insertText" || event.isComposing) return;
    const at = this.area.selectionStart, before = this.area.value.slice(0, at);
    if (event.data === "/" && /(^|\n)\/$/.test(before)) this.find("passages", at - 1);
    else if (event.data === "[" && before.endsWith("[[")) this.find("titles", at - 2);
  }

  find(kind, from) {
    this.closeFinder?.(false);
    if (this.mode === "read") this.show("split");
    const start = from ?? this.area.selectionStart, end = this.area.selectionEnd;
    const id = this.saving.id, passages = kind === "passages";
    this.closeFinder = finder(this.over, {
      label: passages ? "Search the ticked sources" : "Search your notes by title",
      ask: (words) => this.look(kind, id, words),
      take: (one) => passages ? this.cite(id, one, start, end) : put(this.area, start, end, `[[${one.title}]]`),
      leave: (back) => { this.closeFinder = null; if (back) { this.area.focus({ preventScroll: true }); this.area.setSelectionRange(end, end); } },
    });
  }

  async look(kind, id, words) {
    if (kind === "passages" && !words.trim()) return { found: [], nothing: this.sources.length ? "Type what the passage is about." : "No source counts: tick one in Chat, or add one." };
    try {
      const { said } = await asked(`/files/note/${id}/${kind}`, { words, sources: this.sources });
      return { nothing: kind === "titles" ? "No note has this title; the link can be made all the same: type ]] in the text." : "Nothing in the ticked sources is about this.", ...said };
    } catch { return { found: [], message: "HALO is not answering." }; }
  }

  async cite(id, one, start, end) {
    const { ok, said } = await asked(`/files/note/${id}/cite`, one);
    if (!ok) { this.warn(`${said.message}. ${said.fix ?? ""}`); return; }
    const before = this.area.value.slice(0, start);
    const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    put(this.area, start, end, gap + said.markdown);
    await this.saving.save();
  }

  take(event, files) {
    if (!files?.length) return;
    event.preventDefault();
    this.attach([...files]);
  }

  async attach(files) {
    for (const file of files) {
      this.say(`Adding ${file.name}…`);
      const answer = await fetch(`/files/note/${this.saving.id}/attach?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file }).catch(() => null);
      const said = await answer?.json().catch(() => ({}));
      if (!answer?.ok) { this.warn(`“${file.name}” was not added: ${said?.message ?? "HALO is not answering"}. ${said?.fix ?? ""}`); return; }
      const sign = /\.(png|jpe?g|webp)$/i.test(said.name) ? "!" : "";
      put(this.area, this.area.selectionStart, this.area.selectionEnd, `${sign}[${said.name}](${encodeURIComponent(said.name)})`);
    }
    await this.saving.save();
  }

  grow() {
    this.fit(this.title, 38);
    this.fit(this.area, 320);
  }

  fit(field, least) {
    field.style.height = "auto";
    field.style.height = `${Math.max(least, field.scrollHeight)}px`;
  }

  // Nothing is left behind when the window is hidden, closed or shows another page.
  flush() {
    if (!this.saving || this.saving.stopped) return;
    this.typed();
    this.saving.save(true);
  }

  leaving(event) {
    this.flush();
    if (this.saving?.dirty && (this.saving.stuck || this.area.value.length >= KEEPALIVE_CHARS)) event.preventDefault();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".desk");
  const desk = desks.get(root) ?? new Desk(root, setTriggerValue);
  desks.set(root, desk);
  desk.send = setTriggerValue;
  desk.draw(data);
  const hidden = () => document.hidden ? desk.flush() : desk.saving?.look(), leaving = (event) => desk.leaving(event), focus = () => desk.saving?.look();
  document.addEventListener("visibilitychange", hidden);
  window.addEventListener("beforeunload", leaving);
  window.addEventListener("focus", focus);
  return () => {
    document.removeEventListener("visibilitychange", hidden);
    window.removeEventListener("beforeunload", leaving);
    window.removeEventListener("focus", focus);
    desk.flush();
  };
}
