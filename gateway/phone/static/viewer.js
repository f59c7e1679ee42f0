/**
 * One picture over the whole screen: larger, inverted, lighter or darker, and the film in it straight.
 *
 * Knows fingers, keys and how a browser draws. Must not know messages. Nothing here changes the
 * picture: only how this screen shows it.
 */

/** @import { Corners, Seen } from "../types.js" */

import { byId } from "./elements.js";
import { small } from "./picture.js";
import { t } from "./strings.js";
import { straightened } from "./warp.js";

const LARGEST = 8;
const STEP = 1.6;
const PAN_PX = 60;
const LOOKED_AT_PX = 1024;
const LIGHT_STEP = 0.1;
const LIGHTS = { least: 0.3, most: 3 };

const dialog = byId("viewer");
const stage = byId("viewer-stage");
const image = byId("viewer-image");
const lightButton = byId("viewer-light");
const invertButton = byId("viewer-invert");
const straightButton = byId("viewer-straight");
/** @type {Map<number, {x: number, y: number}>} */
const fingers = new Map();
let view = { scale: 1, x: 0, y: 0 };
let light = { brightness: 1, contrast: 1 };
/** @type {Corners|null} */
let film = null;
/** @type {(picture: Blob) => Promise<Seen|null>} */
let look = async () => null;
let lastTap_ms = 0;

/**
 * Show the picture at `url`; one that is protected cannot be saved.
 *
 * @param {string} url
 * @param {string} label
 * @param {boolean} isProtected
 * @param {Corners|null} corners Of the film in it, where its sender set them.
 * @param {(picture: Blob) => Promise<Seen|null>} onLook Looks for the film where they are not known.
 */
export function showPicture(url, label, isProtected, corners, onLook) {
  stage.classList.toggle("protected", isProtected);
  image.src = url;
  image.alt = label;
  film = corners;
  look = onLook;
  for (const button of [lightButton, invertButton, straightButton]) press(button, false);
  light = { brightness: 1, contrast: 1 };
  move({ scale: 1, x: 0, y: 0 });
  byId("viewer-told").textContent = "";
  dialog.showModal();
  draw();
}

/** @param {HTMLElement} button @param {boolean} on */
function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

/** @param {HTMLElement} button */
function isOn(button) {
  return button.getAttribute("aria-pressed") === "true";
}

/** @param {HTMLElement} button */
function toggle(button) {
  press(button, !isOn(button));
  draw();
}

/** Show the film straight, or the picture as it is; look for the film where it is not known. */
async function straighten() {
  const { src } = image;
  const looked = film ? null : await small(image, LOOKED_AT_PX);
  const seen = looked && (await look(looked));
  if (!dialog.open || image.src !== src) return;
  film ??= seen?.corners ?? null;
  if (film) toggle(straightButton);
  else byId("viewer-told").textContent = t("viewerNoFilm");
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
  draw();
}

function draw() {
  const [brightness, contrast] = [light.brightness, light.contrast].map(hundredths);
  const inverted = isOn(invertButton) ? "invert(1) " : "";
  const lit = brightness === 1 && contrast === 1;
  image.style.filter = `${inverted}${lit ? "" : `brightness(${brightness}) contrast(${contrast})`}`;
  const { x, y, scale } = view;
  const warp = film && isOn(straightButton) ? straightened(image, stage, film) : null;
  const [left, top] = warp ? [stage.clientWidth / 2, stage.clientHeight / 2] : [0, 0];
  image.style.transformOrigin = warp ? "0 0" : "";
  image.style.clipPath = warp?.clip ?? "";
  const moved = `translate(${x + left * (1 - scale)}px, ${y + top * (1 - scale)}px) scale(${scale})`;
  image.style.transform = warp ? `${moved} ${warp.matrix}` : moved;
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

/**
 * Make it lighter or darker, harder or softer, and say how much.
 *
 * @param {number} brighter
 * @param {number} harder
 */
function relight(brighter, harder) {
  light = {
    brightness: within(light.brightness + brighter),
    contrast: within(light.contrast + harder),
  };
  const percent = (/** @type {number} */ share) => Math.round(share * 100);
  const values = { b: percent(light.brightness), c: percent(light.contrast) };
  byId("viewer-told").textContent = t("lightTold", values);
  draw();
}

/** @param {number} share */
function hundredths(share) {
  return Math.round(share * 100) / 100; // of many small steps
}

/** @param {number} share */
function within(share) {
  return Math.min(LIGHTS.most, Math.max(LIGHTS.least, share));
}

function asItWas() {
  light = { brightness: 1, contrast: 1 };
  press(invertButton, false);
  press(straightButton, false);
  byId("viewer-told").textContent = "";
  move({ scale: 1, x: 0, y: 0 });
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
    if (isOn(lightButton)) asItWas();
    else zoom(view.scale > 1 ? 1 / view.scale : STEP * STEP, point);
  }
  lastTap_ms = tapped_ms;
});

stage.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const now = { x: event.clientX, y: event.clientY };
  if (fingers.size === 1) {
    drag(now.x - before.x, now.y - before.y);
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

/**
 * One finger moves the picture, or with the light chosen its light: up is lighter, right harder.
 *
 * @param {number} right_px
 * @param {number} down_px
 */
function drag(right_px, down_px) {
  if (isOn(lightButton)) relight(-down_px / stage.clientHeight, right_px / stage.clientWidth);
  else move({ ...view, x: view.x + right_px, y: view.y + down_px });
}

/**
 * The same by an arrow key; without the light, it is what is looked through that moves.
 *
 * @param {number} right
 * @param {number} down
 */
function nudge(right, down) {
  if (isOn(lightButton)) relight(-down * LIGHT_STEP, right * LIGHT_STEP);
  else move({ ...view, x: view.x - right * PAN_PX, y: view.y - down * PAN_PX });
}

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
  0: asItWas,
  i: () => toggle(invertButton),
  s: straighten,
  l: () => toggle(lightButton),
  ArrowLeft: () => nudge(-1, 0),
  ArrowRight: () => nudge(1, 0),
  ArrowUp: () => nudge(0, -1),
  ArrowDown: () => nudge(0, 1),
};

dialog.addEventListener("keydown", (event) => KEYS[event.key]?.());
dialog.addEventListener("close", () => {
  fingers.clear();
  image.removeAttribute("src");
});
image.addEventListener("load", draw);
addEventListener("resize", () => dialog.open && draw());
byId("viewer-close").addEventListener("click", () => dialog.close());
byId("viewer-in").addEventListener("click", () => zoom(STEP));
byId("viewer-out").addEventListener("click", () => zoom(1 / STEP));
for (const button of [lightButton, invertButton]) {
  button.addEventListener("click", () => toggle(button));
}
straightButton.addEventListener("click", straighten);
