// The question that is being answered comes into view once, whatever was read above it. An answer that ends by itself is taken over by the thread, and this goes with it. When the script rests and this is still here,
// the answer was stopped: ask for the page once more.
const EVERY_MS = 300;
const LOOKS = 2;
const watching = new WeakMap();

export default function ({ parentElement, setTriggerValue }) {
  if (!watching.has(parentElement)) document.querySelector(".st-key-live")?.scrollIntoView({ block: "start" });
  watching.get(parentElement)?.();
  let rested = 0;
  const timer = setInterval(() => {
    const { testScriptState: state, testConnectionState: connection } = document.querySelector(".stApp")?.dataset ?? {};
    rested = state === "notRunning" && connection === "CONNECTED" ? rested + 1 : 0;
    if (rested === LOOKS) {
      clearInterval(timer);
      setTriggerValue("over", true);
    }
  }, EVERY_MS);
  const end = () => clearInterval(timer);
  watching.set(parentElement, end);
  return end;
}
