/**
 * How blurred a photo is, told by the rim of the film in it: a step of light, as wide as the blur.
 *
 * Knows pixels and corners. Must not know what is told of them. `pictures/rims.py` measures in the
 * same way.
 */

/** @import { Corners } from "../types.js" */
/** @import { Pixels } from "./quality.js" */

const PLACES = 48; // along each side, its ends left out
const END = 0.08;
const STEP = 1 / 512; // of the film's longest side
const REACH = 16; // steps to each side of the rim
const FAR = 5; // outermost greys on each side, between which the step is
const PIXEL = 0.8; // deviation, in pixels, of a rim that is not blurred at all
const LEAST_STEP = 35;
const LEAST_PLACES = 6;
const OF_NORMAL = Math.sqrt(2 * Math.PI); // a normal blur's deviations in a step of its steepest slope

/**
 * Deviation of the blur across the most blurred side, as a share of the longest side; null where no
 * side is a step that can be measured.
 *
 * @param {Pixels} pixels
 * @param {Corners} corners Of the film.
 */
export function rimBlur(pixels, corners) {
  const placed = corners.map(([x, y]) => [x * pixels.width, y * pixels.height]);
  const sides = placed.map(([x, y], i) => [placed[(i + 1) % 4][0] - x, placed[(i + 1) % 4][1] - y]);
  const longest = Math.max(...sides.map(([x, y]) => Math.hypot(x, y)), 1e-6);
  const widths = sides
    .map((side, i) => ofSide(pixels, placed[i], side, STEP * longest))
    .filter((width) => width !== null);
  if (!widths.length) return null;
  return Math.sqrt(Math.max(Math.max(...widths) ** 2 - (PIXEL / longest) ** 2, 0));
}

/**
 * @param {Pixels} pixels
 * @param {number[]} corner
 * @param {number[]} side
 * @param {number} step
 */
function ofSide(pixels, [x, y], [right, down], step) {
  const long = Math.max(Math.hypot(right, down), 1e-6);
  const away = [(-down / long) * step, (right / long) * step];
  const profiles = Array.from({ length: PLACES }, (_, place) => {
    const along = END + ((1 - 2 * END) * (place + 0.5)) / PLACES;
    return profile(pixels, [x + along * right, y + along * down], away);
  });
  const widths = [];
  for (let i = 1; i < PLACES - 1; i++) {
    const [before, here, after] = [profiles[i - 1], profiles[i], profiles[i + 1]];
    if (!before || !here || !after) continue;
    const greys = here.map((grey, k) => (before[k] + grey + after[k]) / 3); // a grain is no step
    const height = Math.abs(mean(greys.slice(0, FAR)) - mean(greys.slice(-FAR)));
    if (height > LEAST_STEP) widths.push(height / steepest(greys));
  }
  return widths.length < LEAST_PLACES ? null : (median(widths) / OF_NORMAL) * STEP;
}

/**
 * Greys across a side; null where they are not all in the picture.
 *
 * @param {Pixels} pixels
 * @param {number[]} place
 * @param {number[]} away
 */
function profile(pixels, [x, y], [right, down]) {
  const greys = [];
  for (let k = -REACH; k <= REACH; k++) {
    const [here_x, here_y] = [x + k * right, y + k * down];
    const inside =
      here_x >= 0 && here_x <= pixels.width && here_y >= 0 && here_y <= pixels.height;
    if (!inside) return null;
    greys.push(between(pixels, here_x - 0.5, here_y - 0.5));
  }
  return greys;
}

/** @param {Pixels} pixels @param {number} x @param {number} y */
function between({ data, width, height }, x, y) {
  x = Math.min(Math.max(x, 0), width - 1);
  y = Math.min(Math.max(y, 0), height - 1);
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [after, below] = [Math.min(column + 1, width - 1), Math.min(row + 1, height - 1)];
  const [right, down] = [x - column, y - row];
  const grey = (/** @type {number} */ j, /** @type {number} */ i) => greyOf(data, 4 * (j * width + i));
  const upper = grey(row, column) * (1 - right) + grey(row, after) * right;
  const lower = grey(below, column) * (1 - right) + grey(below, after) * right;
  return upper * (1 - down) + lower * down;
}

/**
 * A pixel's grey, rounded as Pillow does.
 *
 * @param {Pixels["data"]} data
 * @param {number} i
 */
function greyOf(data, i) {
  return (19595 * data[i] + 38470 * data[i + 1] + 7471 * data[i + 2] + 0x8000) >> 16;
}

/** @param {number[]} greys */
function steepest(greys) {
  return Math.max(...greys.slice(2).map((grey, k) => Math.abs(grey - greys[k]))) / 2;
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** @param {number[]} values */
function median(values) {
  const ordered = [...values].sort((one, two) => one - two);
  const half = ordered.length >> 1;
  return ordered.length % 2 ? ordered[half] : (ordered[half - 1] + ordered[half]) / 2;
}
