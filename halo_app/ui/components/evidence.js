// The evidence panel: where a quote stands, and the text or page around it. All text enters as text nodes.
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

function head(data, send) {
  const top = make("div", "top");
  top.append(make("h2", "", data.source));
  const tools = make("div", "tools");
  if (data.total > 1) {
    tools.append(make("span", "count", `${data.place + 1} / ${data.total}`));
    tools.append(button("tool", "‹", "Previous citation", () => send("step", -1)), button("tool", "›", "Next citation", () => send("step", 1)));
  }
  tools.append(button("tool", "×", "Close the evidence", () => send("close", true)));
  top.append(tools);
  return top;
}

function page(data) {
  const frame = make("div", "page picture");
  const image = make("img");
  image.src = data.picture;
  image.alt = `${data.where} of ${data.source}, with the quoted words boxed`;
  frame.append(image);
  const settle = () => {
    frame.scrollTop = Math.max(0, data.top * image.clientHeight - frame.clientHeight / 3);
    frame.scrollLeft = (image.clientWidth - frame.clientWidth) / 2;
  };
  image.onload = settle;
  image.title = "Click to look closer";
  image.onclick = () => { frame.classList.toggle("near"); settle(); };
  return frame;
}

function text(data) {
  const frame = make("div", "page text");
  frame.tabIndex = 0;
  const mark = make("mark", "", data.quote);
  frame.append(document.createTextNode(data.before), mark, document.createTextNode(data.after));
  requestAnimationFrame(() => { frame.scrollTop = Math.max(0, mark.offsetTop - frame.offsetTop - frame.clientHeight / 3); });
  return frame;
}

function badges(data) {
  const row = make("div", "badges");
  row.append(make("span", data.verbatim ? "badge yes" : "badge no", data.verbatim ? "✓\u00a0quote found verbatim" : "✕\u00a0quote not found: the source changed"));
  row.append(make("span", "badge", `chars ${data.start.toLocaleString("en")}–${data.end.toLocaleString("en")}`));
  return row;
}

function also(data, send) {
  const list = make("div", "also");
  list.append(make("h3", "", "Also close"));
  for (const near of data.also) {
    const item = button("near", "", "", () => send("near", near.n));
    item.append(make("span", "where", near.where), make("span", "quote", `“${near.quote}”`));
    list.append(item);
  }
  return list;
}

function ways(data, send) {
  const row = make("div", "row");
  if (data.original) {
    const link = make("a", "act", "Open original");
    link.href = data.original;
    link.target = "_blank";
    link.rel = "noopener";
    row.append(link);
  }
  row.append(button("act", "Show in context", "", () => send("context", true)));
  return row;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".evidence");
  const refocus = parentElement.activeElement?.getAttribute("aria-label");
  root.replaceChildren(head(data, setTriggerValue), make("p", "where", data.where));
  if (data.words) root.append(make("p", "note", data.words));
  if (data.picture) root.append(page(data));
  else if (data.quote) root.append(text(data));
  if (data.quote) root.append(badges(data), ways(data, setTriggerValue));
  if (data.also.length) root.append(also(data, setTriggerValue));
  if (refocus) root.querySelector(`[aria-label="${refocus}"]`)?.focus();
  root.onkeydown = (event) => { if (event.key === "Escape") setTriggerValue("close", true); };
}
