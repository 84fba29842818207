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
  const end = () => arrivals.disconnect();
  watching.set(parentElement, end);
  return end;
}
