// Streamlit opens a dialog when the server does not answer for some seconds, and closes it when it is back. The words in it are
// Streamlit's: here they become ours. Only the text of its nodes is changed, so that the dialog goes on working.
// A server that was started again knows nothing of the parts that are drawn by themselves: it is asked for the whole page once.
const AFRESH_MS = 3000;
const THEIRS = "Connection error";

function textsOf(dialog) {
  const found = [];
  const walker = document.createTreeWalker(dialog, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.nodeValue.trim()) found.push(walker.currentNode);
  return found;
}

function reword(data) {
  for (const dialog of document.querySelectorAll('[role="dialog"]')) {
    const [title, ...more] = textsOf(dialog);
    if (title?.nodeValue !== THEIRS && title?.nodeValue !== data.title) continue;
    [title, ...more].forEach((node, place) => {
      const words = [data.title, data.words][place] ?? "";
      if (node.nodeValue !== words) node.nodeValue = words;
    });
  }
}

const watching = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  watching.get(parentElement)?.();
  const app = document.querySelector(".stApp");
  const dialogs = new MutationObserver(() => reword(data));
  const connection = new MutationObserver(look);
  let lost = false;
  function look() {
    dialogs.disconnect();
    if (app.dataset.testConnectionState === "CONNECTED") {
      if (lost) setTriggerValue("back", true);
      lost = false;
      return;
    }
    lost = true;
    if (app.dataset.testConnectionState === "DISCONNECTED_FOREVER") setTimeout(() => location.reload(), AFRESH_MS);   // it gave up: we do not
    dialogs.observe(document.body, { childList: true, subtree: true, characterData: true });
    reword(data);
  }
  connection.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  look();
  function end() {
    dialogs.disconnect();
    connection.disconnect();
  }
  watching.set(parentElement, end);
  return end;
}
