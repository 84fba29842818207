const SEEK_MS = 180;
const ROWS = ".chat";
const editing = new WeakMap();                  // root -> the chat whose name is being typed

function marked(parent, parts) {
  for (const [text, found] of parts) parent.append(found ? make("mark", "", text) : document.createTextNode(text));
  return parent;
}

function menuOf(chat, data, send, root, opener) {
  const items = [{ text: "Rename", act: () => { editing.set(root, chat.id); draw(root, data, send); root.querySelector(".name")?.select(); } }];
  for (const [name, suffix] of data.formats) items.push({ text: `Save as ${name}`, href: `/files/chat/${chat.id}?as=${suffix}` });
  items.push({ text: "Delete", act: () => send("delete", chat.id) });
  openMenu(opener, `The chat “${chat.title}”`, items);
}

function nameField(chat, data, send, root) {
  const field = make("input", "name");
  field.value = chat.title;
  field.maxLength = 120;
  field.setAttribute("aria-label", "New name of the chat");
  let over = false;
  const end = (keep) => {
    if (over) return;
    over = true;
    const title = field.value.trim();
    if (keep && title && title !== chat.title) { chat.title = title; send("rename", { id: chat.id, title }); }
    editing.delete(root);
    draw(root, data, send);
    root.querySelector(`[data-id="${chat.id}"]`)?.focus();
  };
  field.onkeydown = (event) => {
    if (event.key === "Enter") { event.preventDefault(); end(true); }
    if (event.key === "Escape") { event.stopPropagation(); end(false); }
  };
  field.onblur = () => end(true);
  return field;
}

function rowOf(chat, data, send, root) {
  const isOpen = chat.id === data.open && !data.private;
  const row = make("div", "row" + (isOpen ? " open" : ""));
  row.setAttribute("role", "listitem");
  if (editing.get(root) === chat.id) { row.append(nameField(chat, data, send, root)); return row; }
  const item = button("chat", "", "", () => send("open", chat.id));
  item.append(marked(make("span", "title"), chat.marked ?? [[chat.title, false]]));
  if (chat.said?.length) item.append(marked(make("span", "said"), chat.said));
  item.title = chat.title;
  item.dataset.id = chat.id;
  if (isOpen) item.setAttribute("aria-current", "true");
  const dots = button("dots", "⋯", `More about “${chat.title}”`, () => menuOf(chat, data, send, root, dots));
  dots.setAttribute("aria-haspopup", "menu");
  row.append(item, dots);
  row.onkeydown = (event) => {
    if (event.key !== "F2") return;
    event.preventDefault();
    editing.set(root, chat.id);
    draw(root, data, send);
    root.querySelector(".name")?.select();
  };
  return row;
}

function field(root, data, send) {
  const kept = root.querySelector(".seek");
  if (kept) return kept;
  const box = make("div", "seek");
  const input = make("input");
  input.type = "search";
  input.placeholder = "Search chats";
  input.setAttribute("aria-label", "Search chats");
  input.value = data.words;
  let timer = 0;
  input.oninput = () => { clearTimeout(timer); timer = setTimeout(() => send("seek", input.value), SEEK_MS); };
  input.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "ArrowDown") { event.preventDefault(); root.querySelector(ROWS)?.focus(); }
  };
  box.append(input);
  return box;
}

function moreOf(data, send) {
  const more = button("more", `${data.hidden.toLocaleString("en")} more`, `List more chats: ${data.hidden} are not listed`, () => ask());
  let asked = false;
  const ask = () => { if (!asked) send("more", data.hidden); asked = true; };
  new IntersectionObserver((seen, watch) => { if (seen.some((one) => one.isIntersecting)) { watch.disconnect(); ask(); } }, { rootMargin: "400px" }).observe(more);
  return more;
}

function draw(root, data, send) {
  const parts = [];
  if (data.searched || data.words) parts.push(field(root, data, send));
  if (data.private) parts.push(make("div", "private", "◌ Incognito chat: stored nowhere"));
  for (const group of data.groups) {
    const name = make("h2", "", group.name);
    if (data.words) name.setAttribute("role", "status");
    const list = make("div", "rows");
    list.setAttribute("role", "list");
    list.setAttribute("aria-label", group.name);
    list.append(...group.chats.map((chat) => rowOf(chat, data, send, root)));
    parts.push(name, list);
  }
  if (data.hidden) parts.push(moreOf(data, send));
  // The field stays where it is, so that what is being typed and the focus in it are not lost.
  const kept = root.querySelector(".seek");
  if (kept && parts[0] === kept) {
    while (kept.nextSibling) kept.nextSibling.remove();
    root.append(...parts.slice(1));
  } else root.replaceChildren(...parts);
}

function step(event, root) {
  const rows = [...root.querySelectorAll(ROWS)];
  const at = rows.indexOf(root.getRootNode().activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  (rows[to] ?? (to < 0 ? root.querySelector(".seek input") : null))?.focus();
}

function foldAfterChoice(event) {
  // On a phone the navigation covers the page: it folds away once something was chosen.
  const chosen = event.composedPath().some((node) => node.matches?.('[data-testid="stSidebarNavLink"], .chat'));
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
  const focused = root.getRootNode().activeElement;
  const inside = root.contains(focused) && focused.dataset.id;
  const typing = editing.has(root) && root.querySelector(".name");
  if (!typing) draw(root, data, setTriggerValue);
  if (inside) root.querySelector(`[data-id="${inside}"]`)?.focus({ preventScroll: true });
  root.onkeydown = (event) => step(event, root);
  const side = document.querySelector('[data-testid="stSidebar"]');
  side?.addEventListener("click", foldAfterChoice);
  document.addEventListener("pointerdown", foldAfterLookingAway, true);
  return () => {
    side?.removeEventListener("click", foldAfterChoice);
    document.removeEventListener("pointerdown", foldAfterLookingAway, true);
  };
}
