// What changed between two texts: what went is struck out, what came is underlined. All text enters as text nodes.
const WORDS = { added: "ins", removed: "del" };

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".diff");
  root.tabIndex = 0;
  root.setAttribute("aria-label", data.label);
  root.setAttribute("role", "region");
  root.replaceChildren(...data.stretches.map(([fate, text]) => {
    const node = document.createElement(WORDS[fate] ?? "span");
    node.textContent = text;
    return node;
  }));
}
