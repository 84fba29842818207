// Asks the server quietly how far the reading is, and has the page drawn again when it moved. It holds still while the reader
// clicks or types, and while a page is being drawn or a question answered: drawing again then would swallow the click or the answer.
const EVERY_MS = 700;
const AGAIN_MS = 4000;
const CALM_MS = 2000;
const PATIENCE_MS = 10000;
let touched = -CALM_MS;
const touch = () => { touched = performance.now(); };
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touch, true);

function calm() {
  const { testScriptState: state = "", testConnectionState: connection } = document.querySelector(".stApp")?.dataset ?? {};
  const drawing = state.startsWith("r");                                       // running, rerunRequested
  return performance.now() - touched > CALM_MS && !drawing && connection === "CONNECTED";
}

const watching = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  watching.get(parentElement)?.();
  let timer = 0;
  let alive = true;
  let told = data.seen;
  let toldAt = 0;
  async function look() {
    try {
      const answer = await fetch(data.address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
      const progress = answer.ok ? await answer.json() : data;
      const now = progress[data.part];
      // One request at a time: when a document is over, the whole page is asked for, not its cards as well. Ask again if nothing came.
      const others = data.part === "steps" && progress.moving !== data.moving;
      const fresh = now !== told || performance.now() - toldAt > AGAIN_MS;
      if (alive && now !== data.seen && !others && fresh && calm()) {
        told = now;
        toldAt = performance.now();
        setTriggerValue("moved", now);
      }
    } catch { /* the server is away: the page says so itself */ }
    if (alive) timer = setTimeout(look, EVERY_MS);
  }
  function end() {
    alive = false;
    clearTimeout(timer);
  }
  watching.set(parentElement, end);
  timer = setTimeout(look, EVERY_MS);
  return end;
}
