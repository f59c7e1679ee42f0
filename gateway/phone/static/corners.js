/**
 * The four corners of a film over its photo, dragged by finger or moved by keys.
 *
 * Knows fractions of a picture and where it is shown. Must not know how corners are found or sent.
 */

/** @import { Corners } from "../types.js" */

import { onDrag } from "./drag.js";
import { element } from "./elements.js";
import { t } from "./strings.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.01;
const SMALLEST_AREA = 0.02; // of the picture; the gateway refuses a smaller one
const INSET = 0.08;
/** @type {Record<string, [number, number]>} */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Where a person begins to set them: a little inside the picture.
 *
 * @type {Corners}
 */
export const AT_FIRST = [
  [INSET, INSET],
  [1 - INSET, INSET],
  [1 - INSET, 1 - INSET],
  [INSET, 1 - INSET],
];

/**
 * The corners after the picture was turned a quarter to the right; the first is the top left again.
 *
 * @param {Corners} corners
 * @returns {Corners}
 */
export function turnedCorners(corners) {
  const [a, b, c, d] = corners.map(([x, y]) => /** @type {[number, number]} */ ([1 - y, x]));
  return [d, a, b, c];
}

/**
 * Handles over a picture that fills `stage` as far as its shape allows.
 *
 * @param {HTMLElement} stage
 * @param {{width: number, height: number}} picture
 * @param {Corners} corners
 * @param {(corners: Corners) => void} changed
 */
export function handles(stage, picture, corners, changed) {
  const box = element("div", { class: "film-box" });
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 1 1");
  drawing.setAttribute("preserveAspectRatio", "none");
  const outline = drawing.appendChild(document.createElementNS(SVG, "polygon"));
  const buttons = corners.map((_, i) => {
    const label = t("filmCorner", { i: i + 1 });
    return element("button", { type: "button", class: "corner", "aria-label": label });
  });
  let now = corners;

  /** @param {Corners} next */
  const show = (next) => {
    now = next;
    outline.setAttribute("points", next.map((corner) => corner.join(",")).join(" "));
    buttons.forEach((button, i) => {
      button.style.left = `${next[i][0] * 100}%`;
      button.style.top = `${next[i][1] * 100}%`;
    });
  };

  /** @param {number} i @param {number} right @param {number} down */
  const move = (i, right, down) => {
    const next = now.map((corner, k) => (k === i ? moved(corner, right, down) : corner));
    if (!isOutline(next)) return;
    show(next);
    changed(next);
  };

  buttons.forEach((button, i) => {
    button.addEventListener("keydown", (event) => {
      const way = KEYS[event.key];
      if (!way) return;
      event.preventDefault();
      move(i, way[0] * STEP, way[1] * STEP);
    });
    onDrag(button, (right_px, down_px) => {
      move(i, right_px / box.clientWidth, down_px / box.clientHeight);
    });
  });
  box.append(drawing, ...buttons);
  place(box, stage, picture);
  show(corners);
  return box;
}

/**
 * Lay the box over the picture, again when the stage has another size.
 *
 * @param {HTMLElement} box
 * @param {HTMLElement} stage
 * @param {{width: number, height: number}} picture
 */
function place(box, stage, { width, height }) {
  const fit = () => {
    const scale = Math.min(stage.clientWidth / width, stage.clientHeight / height);
    box.style.width = `${width * scale}px`;
    box.style.height = `${height * scale}px`;
  };
  const watch = new ResizeObserver(() => (box.isConnected ? fit() : watch.disconnect()));
  watch.observe(stage);
  fit();
}

/**
 * @param {[number, number]} corner
 * @param {number} right
 * @param {number} down
 * @returns {[number, number]}
 */
function moved([x, y], right, down) {
  return [Math.min(1, Math.max(0, x + right)), Math.min(1, Math.max(0, y + down))];
}

/**
 * Whether they go around a film clockwise without a dent, as the gateway takes them.
 *
 * @param {Corners} corners
 */
function isOutline(corners) {
  const turns = corners.map((corner, i) => turn(corner, corners[(i + 1) % 4], corners[(i + 2) % 4]));
  const [a, b, c, d] = corners;
  return turns.every((each) => each > 0) && (turn(a, b, c) + turn(a, c, d)) / 2 > SMALLEST_AREA;
}

/** @param {number[]} one @param {number[]} two @param {number[]} three */
function turn(one, two, three) {
  return (two[0] - one[0]) * (three[1] - two[1]) - (two[1] - one[1]) * (three[0] - two[0]);
}
