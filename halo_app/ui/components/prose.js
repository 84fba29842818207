// Lines of text in a few styles. All text enters as text nodes.
const TAGS = { title: "h1", name: "h3", mark: "mark", source: "span", state: "p", quiet: "p" };

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".prose");
  root.replaceChildren(...data.lines.map((line) => {
    const node = document.createElement(TAGS[line.style] ?? "p");
    node.className = line.style;
    node.textContent = line.text;
    return node;
  }));
  const mark = root.querySelector("mark");
  if (mark) requestAnimationFrame(() => mark.scrollIntoView({ block: "center" }));
}
