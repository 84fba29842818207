// Beside the document: its guide, where it was cited, and what is known about it; each is fetched when it is looked at.
const SIDES = { guide: "Guide", cited: "Cited in", details: "Details" };
const KINDS = { chat: "Chat", note: "Note", output: "Output" };

class Side {
  constructor(reader) {
    this.reader = reader;
    this.node = make("aside", "side");
    this.node.setAttribute("aria-label", "About this source");
    this.tabs = make("div", "tabs");
    this.tabs.setAttribute("role", "tablist");
    this.body = make("div", "sidebody");
    this.body.tabIndex = 0;
    this.body.setAttribute("role", "tabpanel");
    this.node.append(this.tabs, this.body);
    this.made = {};
    this.open(reader.recall("side") ?? "guide");
  }

  open(name) {
    this.name = name;
    this.reader.remember("side", name);
    this.tabs.replaceChildren(...Object.entries(SIDES).map(([key, title]) => {
      const tab = press(`tab${key === name ? " on" : ""}`, title, "", () => { this.open(key); this.tabs.querySelector(".on").focus(); });
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(key === name));
      return tab;
    }));
    this.body.setAttribute("aria-label", SIDES[name]);
    this.show(name);
  }

  async show(name) {
    if (name !== "cited" && this.made[name]) return this.body.replaceChildren(...this.made[name]);
    this.body.replaceChildren(...[1, 2, 3].map(() => make("div", "bone")));
    let nodes;
    try {
      nodes = name === "details" ? this.details() : this[name](await ask(this.reader, name));
      this.made[name] = nodes;
    } catch (error) {
      nodes = [make("p", "fault", error.message), press("act", "Try again", "", () => this.show(name))];
    }
    if (this.name === name) this.body.replaceChildren(...nodes);
  }

  guide({ summary, terms, questions, tables }) {
    const nodes = [];
    if (tables) nodes.push(make("p", "tables", tables));
    if (summary.length) nodes.push(make("h2", "", "Summary"), ...summary.map((said) => this.sentence(said)));
    if (terms.length) {
      const row = make("div", "terms");
      row.append(...terms.map((term) => press("term", term, `Search for ${term} inside`, () => this.reader.search(term))));
      nodes.push(make("h2", "", "Key terms"), row);
    }
    if (questions.length) nodes.push(make("h2", "", "Questions it answers"), this.choice(), ...questions.map((asked) =>
      press("question", asked, `Ask in Chat: ${asked}`, () => this.reader.send("ask", { question: asked, only: this.only }))));
    if (!nodes.length) nodes.push(make("p", "quiet", "There is not enough text in this source for a guide."));
    return nodes;
  }

  sentence({ text, start, end, where }) {
    const line = make("p", "said", `${text} `);
    line.append(press("chip", shortPlace(where), `Show where it stands: ${where || "in the text"}`, () => this.reader.go({ start, end, kind: "passage" })));
    return line;
  }

  choice() {
    this.only ??= true;
    const frame = make("div", "choice");
    frame.setAttribute("role", "radiogroup");
    frame.setAttribute("aria-label", "Which sources answer");
    for (const [only, words] of [[true, "Ask this source"], [false, "Ask all sources"]]) {
      const label = make("label", ""), radio = make("input");
      radio.type = "radio";
      radio.name = `only-${this.reader.source}`;
      radio.checked = this.only === only;
      radio.onchange = () => { this.only = only; };
      label.append(radio, words);
      frame.append(label);
    }
    return frame;
  }

  cited(mentions) {
    if (!mentions.length) return [make("p", "quiet", "No chat, note or output cites this source yet.")];
    const nodes = [];
    let group = null, last = "";
    for (const one of mentions) {
      const key = `${one.kind}/${one.id}`;
      if (key !== last) {
        group = make("section", "mention");
        group.append(make("h3", "", one.title), make("p", "quiet", `${KINDS[one.kind]} · ${one.when}`));
        nodes.push(group);
      }
      last = key;
      const link = make("a", "quote");
      link.href = one.address;
      link.append(make("span", "where", one.where || "in the text"), document.createTextNode(` “${one.quote}”`));
      link.onclick = (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.reader.send("go", { source: this.reader.source, kind: one.kind, id: one.id, turn: one.turn, start: one.start, end: one.end });
      };
      group.append(link);
    }
    return nodes;
  }

  details() {
    const { details, language, remarks, original } = this.reader.layout;
    const list = make("dl", "facts"), spoken = language && languageName(language);
    for (const [name, value] of spoken ? [...details, ["Language", spoken]] : details) {
      list.append(make("dt", "", name), make("dd", name.startsWith("SHA") ? "hash" : "", value));
    }
    const nodes = remarks.map((words) => make("p", "remark", words));
    nodes.push(list);
    if (original) {
      const link = make("a", "act", "Download original");
      link.href = original;
      link.setAttribute("download", "");
      nodes.push(link);
    }
    return nodes;
  }
}

const languageName = (code) => {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code);
  } catch {
    return code;
  }
};

// Of a path of headings the last one says most.
const shortPlace = (where) => (where.startsWith("“") && where.includes(" › ") ? `“${where.split(" › ").pop()}` : where || "in the text");
