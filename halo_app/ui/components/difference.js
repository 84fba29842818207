// Lines of a comparison, each with a sign and a word for readers who do not see colours. All text enters as text nodes.
const SIGNS = { added: ["+", "Added: "], gone: ["−", "Gone: "], same: ["", ""] };

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".difference");
  root.replaceChildren(...data.lines.map((line) => {
    const node = document.createElement(line.heading ? "h3" : "p");
    const sign = document.createElement("span");
    const words = document.createElement(line.change === "added" ? "ins" : line.change === "gone" ? "del" : "span");
    node.className = line.change;
    sign.className = "sign";
    sign.textContent = SIGNS[line.change][0];
    if (SIGNS[line.change][1]) sign.setAttribute("aria-label", SIGNS[line.change][1]);
    words.textContent = line.text;
    node.append(sign, words);
    return node;
  }));
}
