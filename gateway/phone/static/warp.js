/**
 * A four-cornered part of a picture, drawn straight by the browser: no pixel is copied.
 *
 * Knows projections. Must not know what is in a picture.
 */

/** @import { Corners } from "../types.js" */

/**
 * How an image that fills the stage (`object-fit: contain`) has to be drawn, so that the part between
 * the corners stands straight in the middle of the stage, as large as it fits.
 *
 * @param {HTMLImageElement} image With its transform's origin at the top left.
 * @param {HTMLElement} stage
 * @param {Corners} corners Top left, top right, bottom right, bottom left, in shares of the picture.
 * @returns {{matrix: string, clip: string}|null} null while the picture's size is not known.
 */
export function straightened(image, stage, corners) {
  const { naturalWidth: width, naturalHeight: height } = image;
  if (!width || !height) return null;
  const { clientWidth: wide, clientHeight: high } = stage;
  const fitted = Math.min(wide / width, high / height);
  const left = (wide - width * fitted) / 2;
  const top = (high - height * fitted) / 2;
  const from = corners.map(([x, y]) => [left + x * width * fitted, top + y * height * fitted]);
  const matrix = projection(from, rectangleFor(from, wide, high));
  const clip = `polygon(${from.map(([x, y]) => `${x}px ${y}px`).join(", ")})`;
  return { matrix: `matrix3d(${columns(matrix).join(", ")})`, clip };
}

/**
 * The upright rectangle of the film's own shape that fits the stage: its sides are the means of the
 * opposite sides as the photo shows them.
 *
 * @param {number[][]} from
 * @param {number} wide
 * @param {number} high
 */
function rectangleFor([a, b, c, d], wide, high) {
  const across = (distance(a, b) + distance(d, c)) / 2;
  const down = (distance(a, d) + distance(b, c)) / 2;
  const scale = Math.min(wide / across, high / down);
  const left = (wide - across * scale) / 2;
  const top = (high - down * scale) / 2;
  const [right, bottom] = [wide - left, high - top];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** @param {number[]} one @param {number[]} two */
function distance(one, two) {
  return Math.hypot(one[0] - two[0], one[1] - two[1]);
}

/**
 * The projection that takes four points to four others (Heckbert, "Fundamentals of Texture Mapping
 * and Image Warping", 1989): `x' = (ax + by + c) / (gx + hy + 1)`, `y' = (dx + ey + f) / (…)`.
 *
 * @param {number[][]} from
 * @param {number[][]} to
 * @returns {number[]} a to h.
 */
export function projection(from, to) {
  const rows = from.flatMap(([x, y], i) => {
    const [u, v] = to[i];
    return [
      [x, y, 1, 0, 0, 0, -x * u, -y * u, u],
      [0, 0, 0, x, y, 1, -x * v, -y * v, v],
    ];
  });
  return solved(rows);
}

/**
 * Gauss and Jordan, with the largest pivot.
 *
 * @param {number[][]} rows Each with its right side last.
 */
function solved(rows) {
  for (let at = 0; at < rows.length; at++) {
    const pivot = rows.reduce(
      (best, row, i) => (i >= at && Math.abs(row[at]) > Math.abs(rows[best][at]) ? i : best),
      at,
    );
    [rows[at], rows[pivot]] = [rows[pivot], rows[at]];
    rows[at] = rows[at].map((value) => value / rows[at][at]);
    rows.forEach((row, i) => {
      if (i === at) return;
      const times = row[at];
      rows[i] = row.map((value, k) => value - times * rows[at][k]);
    });
  }
  return rows.map((row) => row[rows.length]);
}

/** @param {number[]} matrix a to h, as a browser takes a matrix: column by column. */
function columns([a, b, c, d, e, f, g, h]) {
  return [a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, 1];
}
