// The way back from a deletion: it stays some seconds, and longer while it is looked at. Being drawn again does not begin them anew.
const left = new Map();                         // which offer -> its seconds that are left, in ms
const STEP_MS = 250;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".undo");
  const known = root.dataset.offer === String(data.offer);
  if (!left.has(data.offer)) left.set(data.offer, data.seconds * 1000);
  if (!known) {
    root.dataset.offer = data.offer;
    const words = make("span", "words", data.words);
    const bar = make("span", "left");
    const undo = button("act", "Undo", "", () => end("restore"));
    const drop = button("act quiet", "Dismiss", "", () => end("drop"));
    root.replaceChildren(words, undo, drop, bar);
    root.setAttribute("role", "status");
    root.hidden = left.get(data.offer) <= 0;
  }
  function end(how) {
    left.set(data.offer, 0);
    root.hidden = true;
    setTriggerValue(how, data.offer);
  }
  const timer = setInterval(() => {
    const ms = left.get(data.offer);
    if (ms <= 0 || document.hidden || root.matches(":hover, :focus-within")) return;
    left.set(data.offer, ms - STEP_MS);
    root.querySelector(".left").style.transform = `scaleX(${Math.max(0, (ms - STEP_MS) / (data.seconds * 1000))})`;
    if (ms - STEP_MS <= 0) end("drop");
  }, STEP_MS);
  return () => clearInterval(timer);
}
