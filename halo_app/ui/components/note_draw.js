// Draws a note's tree: headings, lists, tables, citation chips, links to notes. All text enters as text nodes.
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const button = (cls, text, label, act) => {
  const node = make("button", cls, text);
  node.type = "button";
  if (label) node.setAttribute("aria-label", label), (node.title = label);
  node.onclick = act;
  return node;
};

const WEB = /^(https?:|mailto:)/i;
const named = (to) => { try { return decodeURIComponent(to); } catch { return to; } };

function drawTree(view, act) {
  const body = make("div", "reading");
  const feet = Object.entries(view.feet ?? {});
  const at = { view, act, feet: new Map(feet.map(([name], place) => [name, place + 1])) };
  blocks(body, view.blocks, at);
  if (feet.length) {
    const list = make("ol", "feet");
    for (const [, inside] of feet) {
      const item = make("li");
      blocks(item, inside, at);
      list.append(item);
    }
    body.append(list);
  }
  return body;
}

function blocks(parent, nodes, at) {
  for (const node of nodes) parent.append(block(node, at));
}

function block(node, at) {
  switch (node.k) {
    case "h": return filled(make(`h${Math.min(6, node.level + 1)}`), node.c, at);
    case "quote": { const quote = make("blockquote"); blocks(quote, node.b, at); return quote; }
    case "list": return list(node, at);
    case "code": { const pre = make("pre"); pre.append(make("code", "", node.v)); pre.tabIndex = 0; return pre; }
    case "rule": return make("hr");
    case "table": return table(node, at);
    default: return filled(make("p"), node.c, at);
  }
}

function list(node, at) {
  const whole = make(node.ordered ? "ol" : "ul");
  if (node.ordered) whole.start = node.start;
  for (const one of node.items) {
    const item = make("li", one.done === null ? "" : "task");
    if (one.done !== null) {
      const box = make("span", "box" + (one.done ? " done" : ""), one.done ? "✓" : "");
      box.setAttribute("role", "img");
      box.setAttribute("aria-label", one.done ? "done" : "to do");
      item.append(box);
    }
    for (const inside of one.b) item.append(inside.k === "p" ? filled(make("div"), inside.c, at) : block(inside, at));
    whole.append(item);
  }
  return whole;
}

function table(node, at) {
  const frame = make("div", "table");
  frame.tabIndex = 0;
  const whole = make("table");
  const row = (cells, tag) => {
    const line = make("tr");
    cells.forEach((cell, place) => {
      const one = filled(make(tag), cell, at);
      if (node.align[place]) one.style.textAlign = node.align[place];
      line.append(one);
    });
    return line;
  };
  const head = make("thead");
  head.append(row(node.head, "th"));
  const body = make("tbody");
  body.append(...node.rows.map((cells) => row(cells, "td")));
  whole.append(head, body);
  frame.append(whole);
  return frame;
}

function filled(parent, nodes, at) {
  for (const node of nodes) parent.append(inline(node, at));
  return parent;
}

function inline(node, at) {
  switch (node.k) {
    case "text": return document.createTextNode(node.v);
    case "b": return filled(make("strong"), node.c, at);
    case "i": return filled(make("em"), node.c, at);
    case "s": return filled(make("s"), node.c, at);
    case "code": return make("code", "", node.v);
    case "br": return make("br");
    case "img": return picture(node, at);
    case "cite": return citation(node.v, at);
    case "note": return noteLink(node, at);
    case "a": return link(node, at);
    default: return document.createTextNode("");
  }
}

const fileAddress = (view, name) => `/files/note/${view.id}/file/${encodeURIComponent(name)}`;

function picture(node, at) {
  const name = named(node.to);
  if (!at.view.files.includes(name)) return make("span", "absent", `[picture${node.alt ? `: ${node.alt}` : ""}, not kept here]`);
  const image = make("img");
  image.src = fileAddress(at.view, name);
  image.alt = node.alt || name;
  image.onerror = () => image.replaceWith(Object.assign(link({ to: node.to, c: [{ k: "text", v: name }] }, at)));
  return image;
}

function link(node, at) {
  const name = named(node.to);
  const own = at.view.files.includes(name);
  if (!own && !WEB.test(node.to)) return filled(make("span"), node.c, at);
  const out = filled(make("a"), node.c, at);
  out.href = own ? fileAddress(at.view, name) : node.to;
  out.target = "_blank";
  out.rel = "noopener noreferrer";
  return out;
}

function citation(name, at) {
  const cite = at.view.cites[name];
  if (!cite) {
    const foot = at.feet.get(name);
    const plain = make("sup", foot ? "" : "absent", foot ? String(foot) : "[source erased]");
    return plain;
  }
  const chip = button(`chip ${cite.state}${at.view.open === name ? " open" : ""}`, cite.label, "", () => at.act("cite", name));
  if (cite.why) chip.append(make("span", "why", ` · ${cite.why}`));
  chip.title = `${cite.source}${cite.place ? ", " + cite.place : ""}\n“${cite.quote}”`;
  chip.dataset.cite = name;
  chip.setAttribute("aria-label", `Citation ${cite.label}, from ${cite.source}${cite.why ? `, ${cite.why}` : ""}`);
  return chip;
}

function noteLink(node, at) {
  const id = at.view.links[node.v];
  const word = button("to-note" + (id ? "" : " missing"), node.shown, id ? `Open the note “${node.v}”` : `Make the note “${node.v}”`,
    () => at.act("note", { id: id ?? "", title: node.v }));
  return word;
}
