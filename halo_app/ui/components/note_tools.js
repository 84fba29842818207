// What the buttons above the text do to the text; each step can be undone with the browser's own undo.
function put(area, start, end, text) {
  area.focus({ preventScroll: true });
  area.setSelectionRange(start, end);
  const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
  if (!done) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

function around(area, sign, close = sign, words = "") {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const inside = value.slice(start, end);
  if (value.slice(start - sign.length, start) === sign && value.slice(end, end + close.length) === close) {
    put(area, start - sign.length, end + close.length, inside);
    area.setSelectionRange(start - sign.length, end - sign.length);
    return;
  }
  const text = inside || words;
  put(area, start, end, sign + text + close);
  area.setSelectionRange(start + sign.length, start + sign.length + text.length);
}

function lines(area, change) {
  const { selectionStart, selectionEnd, value } = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const next = value.indexOf("\n", Math.max(start, selectionEnd - (selectionEnd > selectionStart ? 1 : 0)));
  const end = next < 0 ? value.length : next;
  const before = value.slice(start, end).split("\n");
  const after = change(before).join("\n");
  put(area, start, end, after);
  area.setSelectionRange(before.length > 1 ? start : start + after.length, start + after.length);
}

const prefixed = (sign, looks) => (all) => {
  const has = all.every((line) => looks.test(line));
  return all.map((line, place) => has ? line.replace(looks, "") : (typeof sign === "string" ? sign : sign(place)) + line.replace(/^(?:[-*+] (?:\[[ x]\] )?|\d+\. |> )/, ""));
};

const heading = (all) => all.map((line) => {
  const level = /^(#{0,6}) ?/.exec(line)[1].length;
  const bare = line.replace(/^#{1,6} +/, "");
  return level >= 3 ? bare : `${"#".repeat(level + 1)} ${bare}`;
});

function goOn(area) {
  // Enter in a list begins the next item; on an empty item it ends the list.
  const { selectionStart: at, selectionEnd: to, value } = area;
  if (at !== to) return false;
  const start = value.lastIndexOf("\n", at - 1) + 1;
  const found = /^(\s*)([-*+] (?:\[[ xX]\] )?|(\d+)([.)]) |> )/.exec(value.slice(start, at));
  if (!found) return false;
  if (value.slice(start, at).length === found[0].length) put(area, start, at, "");
  else put(area, at, at, `\n${found[1]}${found[3] ? `${Number(found[3]) + 1}${found[4]} ` : found[2].replace(/\[[xX]\]/, "[ ]")}`);
  return true;
}

const TOOLS = [
  ["B", "Bold", (area) => around(area, "**", "**", "bold")],
  ["I", "Italic", (area) => around(area, "*", "*", "italic")],
  ["H", "Heading", (area) => lines(area, heading)],
  ["•", "List", (area) => lines(area, prefixed("- ", /^[-*+] (?!\[)/))],
  ["1.", "Numbered list", (area) => lines(area, prefixed((place) => `${place + 1}. `, /^\d+\. /))],
  ["☐", "Task", (area) => lines(area, prefixed("- [ ] ", /^[-*+] \[[ xX]\] /))],
  ["❝", "Quote", (area) => lines(area, prefixed("> ", /^> /))],
  ["‹›", "Code", (area) => area.value.slice(area.selectionStart, area.selectionEnd).includes("\n") ? around(area, "```\n", "\n```") : around(area, "`", "`", "code")],
  ["Link", "Link to a web page", (area) => { around(area, "[", "](https://)", "words"); }],
];
