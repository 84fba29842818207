// The list of chats under the navigation. All text enters as text nodes.
function make(tag, cls, text) {
  const node = document.createElement(tag);
  node.className = cls;
  node.textContent = text;
  return node;
}

function draw(root, data, send) {
  const all = root.dataset.all === "yes";
  let left = all ? Infinity : data.shown;
  const parts = [];
  for (const group of data.groups) {
    const chats = group.chats.slice(0, left);
    if (!chats.length) break;
    left -= chats.length;
    parts.push(make("h2", "", group.name));
    for (const chat of chats) {
      const item = make("button", "chat" + (chat.id === data.open ? " open" : ""), chat.title);
      item.type = "button";
      item.title = chat.title;
      if (chat.id === data.open) item.setAttribute("aria-current", "true");
      item.onclick = () => send("open", chat.id);
      parts.push(item);
    }
  }
  const count = data.groups.reduce((sum, group) => sum + group.chats.length, 0);
  if (count > data.shown) {
    const more = make("button", "chat more", all ? "Show fewer" : `All ${count} chats`);
    more.type = "button";
    more.onclick = () => { root.dataset.all = all ? "no" : "yes"; draw(root, data, send); };
    parts.push(more);
  }
  root.replaceChildren(...parts);
}

function foldAfterChoice(event) {
  // On a phone the navigation covers the page: it folds away once something was chosen.
  const chosen = event.composedPath().some((node) => node.matches?.('[data-testid="stSidebarNavLink"], .chat:not(.more)'));
  if (chosen && window.innerWidth < 769) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

function foldAfterLookingAway(event) {
  // And once the page beside it is touched.
  const side = document.querySelector('[data-testid="stSidebar"]');
  const beside = event.target.closest?.('[data-testid="stMain"], [data-testid="stBottom"]');
  if (beside && window.innerWidth < 769 && side?.dataset.collapsed === "false") side.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".shelf");
  root.setAttribute("aria-label", "Chats");
  draw(root, data, setTriggerValue);
  const side = document.querySelector('[data-testid="stSidebar"]');
  side?.addEventListener("click", foldAfterChoice);
  document.addEventListener("pointerdown", foldAfterLookingAway, true);
  return () => {
    side?.removeEventListener("click", foldAfterChoice);
    document.removeEventListener("pointerdown", foldAfterLookingAway, true);
  };
}
