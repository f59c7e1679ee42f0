/**
 * A frame that is drawn tighter around a picture, by its corners or as a whole.
 *
 * Knows fingers, keys and fractions of a picture. Must not know files or how pictures are redrawn.
 */

/** @import { Area } from "../types.js" */

import { onDrag } from "./drag.js";
import { byId, element } from "./elements.js";
import { t } from "./strings.js";

/**
 * The whole picture.
 *
 * @type {Area}
 */
export const WHOLE = { left: 0, top: 0, right: 1, bottom: 1 };

const SMALLEST = 0.1;
const STEP = 0.02;
/** @type {(keyof Area)[][]} */
const EDGES = [
  ["left", "top"],
  ["right", "top"],
  ["left", "bottom"],
  ["right", "bottom"],
];
/** @type {Record<string, [number, number]>} */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const dialog = byId("cropper");
const stage = byId("crop-stage");
const box = byId("crop-box");
const image = byId("crop-image");
const frame = byId("crop-frame");
let part = WHOLE;

/**
 * The part after the picture was turned a quarter to the right.
 *
 * @param {Area} part
 * @returns {Area}
 */
export function turned({ left, top, right, bottom }) {
  return { left: 1 - bottom, top: left, right: 1 - top, bottom: right };
}

/**
 * Let the reader choose a part of the picture at `url`.
 *
 * @param {string} url The whole picture.
 * @param {Area} chosen The part chosen before.
 * @returns {Promise<Area|null>} The part; null where nothing shall change.
 */
export async function choosePart(url, chosen) {
  image.src = url;
  await image.decode();
  dialog.returnValue = "";
  dialog.showModal();
  fit();
  show(chosen);
  await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
  if (dialog.returnValue === "part") return part;
  return dialog.returnValue === "whole" ? WHOLE : null;
}

function fit() {
  const room = getComputedStyle(stage);
  const wide = stage.clientWidth - 2 * Number.parseFloat(room.paddingLeft);
  const high = stage.clientHeight - 2 * Number.parseFloat(room.paddingTop);
  const scale = Math.min(wide / image.naturalWidth, high / image.naturalHeight);
  box.style.width = `${image.naturalWidth * scale}px`;
  box.style.height = `${image.naturalHeight * scale}px`;
}

/** @param {Area} next */
function show(next) {
  part = next;
  frame.style.left = `${part.left * 100}%`;
  frame.style.top = `${part.top * 100}%`;
  frame.style.width = `${(part.right - part.left) * 100}%`;
  frame.style.height = `${(part.bottom - part.top) * 100}%`;
}

/**
 * Move edges by fractions of the picture; they stay within it and apart.
 *
 * @param {(keyof Area)[]} edges
 * @param {number} right
 * @param {number} down
 */
function move(edges, right, down) {
  const next = { ...part };
  for (const edge of edges) {
    const by = edge === "left" || edge === "right" ? right : down;
    next[edge] = Math.min(1, Math.max(0, part[edge] + by));
  }
  if (next.right - next.left < SMALLEST || next.bottom - next.top < SMALLEST) return;
  show(next);
}

/**
 * Move the whole frame, as far as it goes.
 *
 * @param {number} right
 * @param {number} down
 */
function shift(right, down) {
  const x = Math.min(1 - part.right, Math.max(-part.left, right));
  const y = Math.min(1 - part.bottom, Math.max(-part.top, down));
  const { left, top, right: end, bottom } = part;
  show({ left: left + x, top: top + y, right: end + x, bottom: bottom + y });
}

/**
 * @param {HTMLElement} place
 * @param {(right: number, down: number) => void} act Receives fractions of the picture.
 */
function onDragOver(place, act) {
  onDrag(place, (right_px, down_px) => {
    const { width, height } = box.getBoundingClientRect();
    act(right_px / width, down_px / height);
  });
}

EDGES.forEach((edges, i) => {
  const label = t("cropCorner", { i: i + 1 });
  const traits = { type: "button", class: `corner ${edges.join(" ")}`, "aria-label": label };
  const corner = frame.appendChild(element("button", traits));
  onDragOver(corner, (right, down) => move(edges, right, down));
  corner.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    move(edges, way[0] * STEP, way[1] * STEP);
  });
});
onDragOver(frame, shift);
addEventListener("resize", () => dialog.open && fit());
