/** One picture over the whole screen: pinch, double tap, wheel, keys and buttons to zoom. */

import { byId } from "./elements.js";

const LARGEST = 8;
const STEP = 1.6;
const PAN_PX = 60;

const dialog = byId("viewer");
const stage = byId("viewer-stage");
const image = byId("viewer-image");
/** @type {Map<number, {x: number, y: number}>} */
const fingers = new Map();
let view = { scale: 1, x: 0, y: 0 };
let lastTap_ms = 0;

/**
 * Show the picture at `url`; one that is protected cannot be saved.
 *
 * @param {string} url
 * @param {string} label
 * @param {boolean} isProtected
 */
export function showPicture(url, label, isProtected) {
  stage.classList.toggle("protected", isProtected);
  image.src = url;
  image.alt = label;
  move({ scale: 1, x: 0, y: 0 });
  dialog.showModal();
}

/** @param {typeof view} next */
function move(next) {
  const scale = Math.min(LARGEST, Math.max(1, next.scale));
  const reach_x = (stage.clientWidth * (scale - 1)) / 2;
  const reach_y = (stage.clientHeight * (scale - 1)) / 2;
  view = {
    scale,
    x: Math.min(reach_x, Math.max(-reach_x, next.x)),
    y: Math.min(reach_y, Math.max(-reach_y, next.y)),
  };
  image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
}

/**
 * Zoom by `factor`, keeping what lies at the page point where it is.
 *
 * @param {number} factor
 */
function zoom(factor, point = { x: stage.clientWidth / 2, y: stage.clientHeight / 2 }) {
  const scale = Math.min(LARGEST, Math.max(1, view.scale * factor));
  const grown = scale / view.scale;
  const x = point.x - stage.clientWidth / 2;
  const y = point.y - stage.clientHeight / 2;
  move({ scale, x: x - (x - view.x) * grown, y: y - (y - view.y) * grown });
}

function spread() {
  const [a, b] = [...fingers.values()];
  return {
    distance: Math.hypot(a.x - b.x, a.y - b.y),
    middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
  };
}

stage.addEventListener("pointerdown", (event) => {
  stage.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  const tapped_ms = event.timeStamp;
  if (fingers.size === 1 && tapped_ms - lastTap_ms < 300) {
    const point = { x: event.clientX, y: event.clientY };
    zoom(view.scale > 1 ? 1 / view.scale : STEP * STEP, point);
  }
  lastTap_ms = tapped_ms;
});

stage.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const now = { x: event.clientX, y: event.clientY };
  if (fingers.size === 1) {
    move({ ...view, x: view.x + now.x - before.x, y: view.y + now.y - before.y });
    fingers.set(event.pointerId, now);
  } else if (fingers.size === 2) {
    const earlier = spread();
    fingers.set(event.pointerId, now);
    const later = spread();
    move({
      ...view,
      x: view.x + later.middle.x - earlier.middle.x,
      y: view.y + later.middle.y - earlier.middle.y,
    });
    zoom(later.distance / earlier.distance, later.middle);
  }
});

stage.addEventListener("pointerup", (event) => fingers.delete(event.pointerId));
stage.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));

stage.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, { x: event.clientX, y: event.clientY });
  },
  { passive: false },
);

/** @type {Record<string, () => void>} */
const KEYS = {
  "+": () => zoom(STEP),
  "=": () => zoom(STEP),
  "-": () => zoom(1 / STEP),
  ArrowLeft: () => move({ ...view, x: view.x + PAN_PX }),
  ArrowRight: () => move({ ...view, x: view.x - PAN_PX }),
  ArrowUp: () => move({ ...view, y: view.y + PAN_PX }),
  ArrowDown: () => move({ ...view, y: view.y - PAN_PX }),
};

dialog.addEventListener("keydown", (event) => KEYS[event.key]?.());
dialog.addEventListener("close", () => {
  fingers.clear();
  image.removeAttribute("src");
});
byId("viewer-close").addEventListener("click", () => dialog.close());
byId("viewer-in").addEventListener("click", () => zoom(STEP));
byId("viewer-out").addEventListener("click", () => zoom(1 / STEP));
