/**
 * What is wrong with a photo of a film, as far as its pixels and the corners of the film tell.
 *
 * Knows pixels. Must not know the page, nor what is said about it. The values are those of
 * `pictures/quality.py`, and so are the limits, which the gateway gives; waves of a screen, fingers
 * and a second film are told by the gateway alone.
 */

import { rimBlur } from "./rims.js";

/** @import { Corners, PhotoFault, PhotoLimits } from "../types.js" */

/**
 * @typedef {object} Pixels
 * @property {Uint8ClampedArray|Uint8Array} data Red, green, blue and one more, row by row.
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Values
 * @property {number} bright The grey that a tenth of the film is lighter than.
 * @property {number} spread Between the greys of which a twentieth are darker, and lighter.
 * @property {number} white How far the next greys of the film lie below its whitest part, as a share.
 * @property {number} detail Fine against coarse detail: blur takes the fine one first.
 * @property {number|null} rim How far the film's rim is blurred, in its longest sides.
 * @property {number} size Of the film's longer side, in the picture's that it could fill.
 * @property {number} turned_degrees How far the film is turned.
 * @property {number} at_border Share of the longest side that lies along the picture's border.
 *
 * @typedef {{greys: Float64Array, side: number}} Grid
 */

const GRID = 256; // cells of the film, each way
const SAMPLES = 3; // to a cell, each way
const AT_BORDER = 0.01;
// shares of the film's greys, in order, between which what is mirrored in it may begin
const UP_TO_WHITE = [
  [0.76, 0.84],
  [0.8, 0.88],
  [0.84, 0.92],
  [0.88, 0.96],
  [0.91, 0.99],
];

/**
 * @type {[PhotoFault, (values: Values, limit: PhotoLimits) => boolean][]}
 */
const FAULTS = [
  ["dark", ({ bright }, limit) => bright < limit.bright],
  ["low_contrast", ({ bright, spread }, limit) => spread < limit.spread_of_bright * bright],
  ["glare", ({ white }, limit) => white > limit.white],
  [
    "blur", // by the film's rim; by what is on the film where the rim is not seen
    ({ rim, spread, detail }, limit) =>
      rim === null
        ? spread >= limit.measurable_spread && detail < limit.detail
        : rim > limit.rim,
  ],
  ["too_small", ({ size }, limit) => size < limit.size],
  ["tilted", ({ turned_degrees }, limit) => turned_degrees > limit.turned_degrees],
  ["cut_off", ({ at_border }, limit) => at_border > limit.at_border],
];

/**
 * What is wrong, the gravest first.
 *
 * @param {Values} values
 * @param {PhotoLimits} limits
 */
export function faultsOf(values, limits) {
  return FAULTS.filter(([, holds]) => holds(values, limits)).map(([fault]) => fault);
}

/**
 * Whether a fault is measured here.
 *
 * @param {PhotoFault} fault
 */
export function isMeasured(fault) {
  return FAULTS.some(([measured]) => measured === fault);
}

/**
 * Measure a photo.
 *
 * @param {Pixels} pixels
 * @param {Corners} corners Of the film.
 * @returns {Values}
 */
export function measure(pixels, corners) {
  const cells = cellsOf(pixels, corners);
  const { greys } = cells;
  const ordered = Float64Array.from(greys).sort();
  const at = (/** @type {number} */ share) =>
    Math.max(ordered[Math.floor(share * (ordered.length - 1))], 1);
  return {
    bright: at(0.9),
    spread: at(0.95) - at(0.05),
    white: Math.max(...UP_TO_WHITE.map(([less, more]) => 1 - at(less) / at(more))),
    detail: bend(cells) / (bend(halved(halved(cells))) + 1),
    rim: rimBlur(pixels, corners),
    ...shapeOf(corners, pixels),
  };
}

/**
 * The film's greys, each the mean of a cell.
 *
 * @param {Pixels} pixels
 * @param {Corners} corners
 * @returns {Grid}
 */
function cellsOf({ data, width, height }, [a, b, c, d]) {
  const greys = new Float64Array(GRID * GRID);
  const steps = GRID * SAMPLES;
  for (let down = 0; down < steps; down++) {
    const [left_x, left_y] = between(a, d, (down + 0.5) / steps);
    const [right_x, right_y] = between(b, c, (down + 0.5) / steps);
    const row = Math.floor(down / SAMPLES) * GRID;
    for (let across = 0; across < steps; across++) {
      const share = (across + 0.5) / steps;
      const x = (left_x + (right_x - left_x) * share) * width;
      const y = (left_y + (right_y - left_y) * share) * height;
      const i = 4 * ((Math.min(y, height - 1) | 0) * width + (Math.min(x, width - 1) | 0));
      greys[row + ((across / SAMPLES) | 0)] +=
        0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
    }
  }
  return { greys: greys.map((sum) => sum / SAMPLES ** 2), side: GRID };
}

/** @param {[number, number]} one @param {[number, number]} two @param {number} share */
function between(one, two, share) {
  return [one[0] + (two[0] - one[0]) * share, one[1] + (two[1] - one[1]) * share];
}

/**
 * The mean square of the Laplacian.
 *
 * @param {Grid} grid
 */
function bend({ greys, side }) {
  let sum = 0;
  for (let row = 2; row < side - 2; row++) {
    for (let i = row * side + 2; i < (row + 1) * side - 2; i++) {
      const beside = greys[i - 1] + greys[i + 1] + greys[i - side] + greys[i + side];
      sum += (4 * greys[i] - beside) ** 2;
    }
  }
  return sum / (side - 4) ** 2;
}

/**
 * @param {Grid} grid
 * @returns {Grid}
 */
function halved({ greys, side }) {
  const half = side / 2;
  const means = new Float64Array(half * half);
  for (let i = 0; i < means.length; i++) {
    const first = 2 * (Math.floor(i / half) * side + (i % half));
    means[i] = (greys[first] + greys[first + 1] + greys[first + side] + greys[first + side + 1]) / 4;
  }
  return { greys: means, side: half };
}

/** @param {Corners} corners @param {Pixels} pixels */
function shapeOf(corners, { width, height }) {
  const sides = corners.map(([x, y], i) => {
    const [next_x, next_y] = corners[(i + 1) % 4];
    return [(next_x - x) * width, (next_y - y) * height];
  });
  const long = sides.map(([right, down]) => Math.hypot(right, down));
  const turns = sides.map(([right, down]) => fromUpright((Math.atan2(down, right) * 180) / Math.PI));
  return {
    size: Math.max((long[0] + long[2]) / 2 / width, (long[1] + long[3]) / 2 / height),
    turned_degrees: turns.reduce((sum, each) => sum + each, 0) / 4,
    at_border: Math.max(...corners.map((corner, i) => alongBorder(corner, corners[(i + 1) % 4]))),
  };
}

/** @param {number} degrees */
function fromUpright(degrees) {
  return Math.abs(((degrees + 45 + 360) % 90) - 45);
}

/**
 * How much of the picture's border a side lies on.
 *
 * @param {[number, number]} one
 * @param {[number, number]} two
 */
function alongBorder(one, two) {
  const lies = [0, 1].some((way) =>
    [0, 1].some((edge) => [one, two].every((corner) => Math.abs(edge - corner[way]) < AT_BORDER)),
  );
  return lies ? Math.hypot(two[0] - one[0], two[1] - one[1]) : 0;
}
