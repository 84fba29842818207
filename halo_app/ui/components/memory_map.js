// A map of many points on one canvas: hover tells what a point is, a click or Enter opens it, arrow keys go to the nearest one that way.
const NEAR_PX = 14, ROOM_PX = 16, FAINT = .28, CLOSEST = 40;
const MANY = 1500;

const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};

const bytes = (text) => Uint8Array.from(atob(text), (mark) => mark.charCodeAt(0)).buffer;

function unpacked(data) {
  return { ids: new Uint32Array(bytes(data.ids)), places: new Float32Array(bytes(data.places)),
    looks: new Uint32Array(bytes(data.looks)), labels: data.labels.split("\n"), kinds: data.kinds, colours: data.colours };
}

function whole(points) {
  // The rectangle that holds every point.
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let n = 0; n < points.places.length; n += 2) {
    const x = points.places[n], y = points.places[n + 1];
    if (x < box[0]) box[0] = x;
    if (x > box[2]) box[2] = x;
    if (y < box[1]) box[1] = y;
    if (y > box[3]) box[3] = y;
  }
  return box;
}

function place(view) {
  // Work out where each point lies on the canvas now.
  const { points, box, canvas, at } = view, width = canvas.clientWidth, height = canvas.clientHeight;
  const wide = Math.max(1e-6, box[2] - box[0]), high = Math.max(1e-6, box[3] - box[1]);
  for (let n = 0; n < points.ids.length; n++) {
    const x = wide > 1e-5 ? (points.places[2 * n] - box[0]) / wide : .5, y = high > 1e-5 ? (points.places[2 * n + 1] - box[1]) / high : .5;
    at[2 * n] = ROOM_PX + (x - view.middle[0]) * view.closer * (width - 2 * ROOM_PX) + (width - 2 * ROOM_PX) / 2;
    at[2 * n + 1] = height - ROOM_PX - ((y - view.middle[1]) * view.closer * (height - 2 * ROOM_PX) + (height - 2 * ROOM_PX) / 2);
  }
}

function dot(colour, faint, radius, scale) {
  // One point, drawn once and stamped thousands of times.
  const stamp = document.createElement("canvas"), size = Math.ceil((2 * radius + 2) * scale);
  stamp.width = stamp.height = size;
  const pen = stamp.getContext("2d");
  pen.globalAlpha = faint ? FAINT : .85;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(size / 2, size / 2, radius * scale, 0, 7);
  pen.fill();
  return stamp;
}

function draw(view) {
  const { canvas, points, at } = view, scale = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * scale), height = Math.round(canvas.clientHeight * scale);
  if (!width || !height) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  place(view);
  const pen = canvas.getContext("2d"), radius = points.ids.length > MANY ? (view.closer > 3 ? 3.5 : 2.5) : 5;
  const stamps = points.colours.flatMap((colour) => [dot(colour, true, radius, scale), dot(colour, false, radius, scale)]);
  const half = stamps[0].width / 2;
  pen.clearRect(0, 0, width, height);
  for (let n = 0; n < points.ids.length; n++) {
    const x = at[2 * n] * scale, y = at[2 * n + 1] * scale;
    if (x > -half && y > -half && x < width + half && y < height + half) pen.drawImage(stamps[points.looks[n]], x - half, y - half);
  }
  ring(view);
}

function ring(view) {
  // Mark the point that is meant, and say it.
  const { at, mark, tip, meant, points, canvas } = view;
  const x = at[2 * meant], y = at[2 * meant + 1];
  mark.hidden = tip.hidden = meant < 0 || x < 0 || y < 0 || x > canvas.clientWidth || y > canvas.clientHeight;
  canvas.classList.toggle("on", meant >= 0);
  if (mark.hidden) return;
  mark.style.left = `${x}px`;
  mark.style.top = `${y}px`;
  tip.textContent = points.labels[meant];
  const room = canvas.clientWidth - tip.offsetWidth - 4, below = y < canvas.clientHeight / 2;
  tip.style.left = `${Math.max(4, Math.min(room, x - tip.offsetWidth / 2))}px`;
  tip.style.top = `${below ? y + 14 : y - 14 - tip.offsetHeight}px`;
}

function nearest(view, x, y, most) {
  let found = -1, best = most * most;
  for (let n = 0; n < view.points.ids.length; n++) {
    const wide = view.at[2 * n] - x, high = view.at[2 * n + 1] - y, far = wide * wide + high * high;
    if (far < best) { best = far; found = n; }
  }
  return found;
}

function beyond(view, wide, high) {
  // The nearest point in a direction: what lies aside counts as three times as far.
  if (view.meant < 0) return nearest(view, view.canvas.clientWidth / 2, view.canvas.clientHeight / 2, Infinity);
  const x = view.at[2 * view.meant], y = view.at[2 * view.meant + 1];
  let found = view.meant, best = Infinity;
  for (let n = 0; n < view.points.ids.length; n++) {
    const along = (view.at[2 * n] - x) * wide + (view.at[2 * n + 1] - y) * high;
    const aside = Math.abs((view.at[2 * n] - x) * high) + Math.abs((view.at[2 * n + 1] - y) * wide);
    if (along > .5 && along + 3 * aside < best) { best = along + 3 * aside; found = n; }
  }
  return found;
}

function zoom(view, by, x, y) {
  // Come closer, and leave what lies under x, y where it is.
  const { canvas } = view, wide = canvas.clientWidth - 2 * ROOM_PX, high = canvas.clientHeight - 2 * ROOM_PX;
  const closer = Math.max(1, Math.min(CLOSEST, view.closer * by));
  const aside = ((x ?? canvas.clientWidth / 2) - canvas.clientWidth / 2) / wide, up = (canvas.clientHeight / 2 - (y ?? canvas.clientHeight / 2)) / high;
  view.middle = [view.middle[0] + aside * (1 / view.closer - 1 / closer), view.middle[1] + up * (1 / view.closer - 1 / closer)];
  view.closer = closer;
  keep(view);
}

function keep(view) {
  // Do not lose the points out of sight.
  const room = .5 / view.closer;
  view.middle = view.middle.map((one) => Math.max(room, Math.min(1 - room, one)));
  view.wider.disabled = view.closer <= 1;
  draw(view);
}

function mouse(view, open) {
  const { canvas } = view;
  let held = null;
  const here = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  canvas.onpointerdown = (event) => { held = { at: here(event), middle: view.middle, moved: false }; canvas.setPointerCapture(event.pointerId); };
  canvas.onpointermove = (event) => {
    const [x, y] = here(event);
    if (held && view.closer > 1 && (held.moved || Math.hypot(x - held.at[0], y - held.at[1]) > 4)) {
      held.moved = true;
      canvas.classList.add("held");
      view.middle = [held.middle[0] - (x - held.at[0]) / view.closer / (canvas.clientWidth - 2 * ROOM_PX),
        held.middle[1] + (y - held.at[1]) / view.closer / (canvas.clientHeight - 2 * ROOM_PX)];
      keep(view);
    } else if (!held) { view.meant = nearest(view, x, y, NEAR_PX); ring(view); }
  };
  canvas.onpointerup = (event) => {
    const was = held;
    held = null;
    canvas.classList.remove("held");
    if (!was || was.moved) return;
    view.meant = nearest(view, ...here(event), event.pointerType === "touch" ? 2 * NEAR_PX : NEAR_PX);
    ring(view);
    if (view.meant >= 0) open(view.meant);
  };
  canvas.onpointercancel = () => { held = null; };
  canvas.onpointerleave = () => { if (!held) { view.meant = -1; ring(view); } };
  canvas.onwheel = (event) => {
    if (!event.ctrlKey && !event.metaKey) return;       // the wheel alone moves the page
    event.preventDefault();
    zoom(view, event.deltaY < 0 ? 1.25 : .8, ...here(event));
  };
}

function keys(view, open) {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  view.canvas.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ways[event.key]) {
      view.meant = beyond(view, ...ways[event.key]);
      follow(view);
    } else if ((event.key === "Enter" || event.key === " ") && view.meant >= 0) open(view.meant);
    else return;
    event.preventDefault();
  };
}

function follow(view) {
  const x = view.at[2 * view.meant], y = view.at[2 * view.meant + 1], { canvas, points } = view;
  if (x < 0 || y < 0 || x > canvas.clientWidth || y > canvas.clientHeight) {
    const wide = Math.max(1e-6, view.box[2] - view.box[0]), high = Math.max(1e-6, view.box[3] - view.box[1]);
    view.middle = [(points.places[2 * view.meant] - view.box[0]) / wide, (points.places[2 * view.meant + 1] - view.box[1]) / high];
    keep(view);
  } else ring(view);
  view.said.textContent = `${points.kinds[points.looks[view.meant] >> 1]}: ${points.labels[view.meant]}`;
}

function head(points, view) {
  const top = make("div", "top"), legend = make("div", "legend"), tools = make("div", "tools");
  points.kinds.forEach((kind, n) => {
    const entry = make("span", "kind", kind);
    entry.style.setProperty("--own", points.colours[n]);
    legend.append(entry);
  });
  const button = (text, label, by) => {
    const one = make("button", "tool", text);
    one.type = "button";
    one.setAttribute("aria-label", label);
    one.title = label;
    one.onclick = () => zoom(view, by);
    tools.append(one);
    return one;
  };
  view.wider = button("−", "See more of the map", 1 / 1.6);
  button("+", "Look closer", 1.6);
  top.append(legend, tools);
  return top;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".map"), last = root.view;
  const points = unpacked(data), had = parentElement.activeElement === last?.canvas && last;
  const field = make("div", "field"), canvas = make("canvas"), mark = make("div", "ring"), tip = make("div", "tip"), said = make("div", "said");
  const view = { points, canvas, mark, tip, said, box: whole(points), at: new Float32Array(2 * points.ids.length), meant: -1,
    closer: last?.closer ?? 1, middle: last?.middle ?? [.5, .5] };
  const open = (n) => setTriggerValue("open", { id: points.ids[n], at: Date.now() });
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", `Map of ${points.ids.length.toLocaleString("en")} memories. Arrow keys go from one to the next, Enter opens it.`);
  said.setAttribute("role", "status");
  mark.hidden = tip.hidden = true;
  mouse(view, open);
  keys(view, open);
  canvas.onblur = () => { view.meant = -1; ring(view); };
  field.append(canvas, mark, tip);
  root.replaceChildren(head(points, view), field, said);
  root.view = view;
  view.wider.disabled = view.closer <= 1;
  const watch = new ResizeObserver(() => draw(view));
  watch.observe(field);
  if (had) canvas.focus();
  return () => watch.disconnect();
}
