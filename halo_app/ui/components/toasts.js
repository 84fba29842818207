// What opens over the page lies beside it in the document, where it would be light on a dark page: it takes over the page's shade.
function shade() {
  const app = document.querySelector(".stApp");
  const scheme = app ? getComputedStyle(app).colorScheme : "";
  if (scheme && document.documentElement.style.colorScheme !== scheme) document.documentElement.style.colorScheme = scheme;
}

// Streamlit's passing messages are alert dialogs that point to a name which is not there: they get their own words for a name.
function name(root) {
  for (const message of root.querySelectorAll?.('[role="alertdialog"]:not([aria-label])') ?? []) {
    message.removeAttribute("aria-labelledby");
    message.setAttribute("aria-label", message.textContent.trim() || "Message");
  }
}

const watching = new WeakMap();

export default function ({ parentElement }) {
  watching.get(parentElement)?.();
  const arrivals = new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => name(node.parentNode ?? node))));
  arrivals.observe(document.body, { childList: true, subtree: true });
  name(document);
  const shades = new MutationObserver(shade);
  shades.observe(document.querySelector(".stApp") ?? document.body, { attributes: true, attributeFilter: ["class"] });
  shade();
  const end = () => { arrivals.disconnect(); shades.disconnect(); };
  watching.set(parentElement, end);
  return end;
}
