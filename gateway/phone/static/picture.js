/**
 * A picture made ready to send: upright, at most 2,048 px, a JPEG without metadata.
 *
 * Knows the canvas. Must not know dialogs or the gateway.
 */

const LONGEST_PX = 2048;
const QUALITY = 0.9;
const PNG = 0x89;
const PNG_DEPTH_AT = 24; // its header comes first: eight bytes, length and name, width, height

/**
 * Re-encode a picture; EXIF, with the place where it was taken, is left out.
 *
 * @param {Blob} file As the phone gave it.
 * @param {number} quarterTurns Clockwise quarter turns on top of the upright picture.
 * @param {import("../types.js").Area} part What to keep of the turned picture, in fractions of it.
 * @returns {Promise<{blob: Blob, width: number, height: number}|null>} null where this browser
 *   cannot decode it, as with DICOM and often HEIC, or where something would be lost by it.
 */
export async function prepare(file, quarterTurns, part) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  // a browser also draws a truncated file; once redrawn, nobody could tell
  const bitmap = isWhole(bytes) && !isDeep(bytes) ? await decode(file) : null;
  if (bitmap === null) return null;
  if (!isJpeg(bytes) && !isOpaque(bitmap)) return null;
  const canvas = draw(bitmap, quarterTurns, part);
  if (bitmap instanceof ImageBitmap) bitmap.close();
  /** @type {Blob|null} */
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  const { width, height } = canvas;
  canvas.width = 0; // gives a small phone its memory back at once
  return blob && { blob, width, height };
}

/**
 * The same picture small, for a look at it before it is sent.
 *
 * @param {Blob|HTMLImageElement} picture
 * @param {number} longest_px
 * @returns {Promise<Blob|null>}
 */
export async function small(picture, longest_px) {
  const bitmap = await createImageBitmap(picture);
  const [width, height] = fitted(bitmap, longest_px);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

/**
 * The pixels of a picture.
 *
 * @param {Blob} picture
 */
export async function pixelsOf(picture) {
  const bitmap = await createImageBitmap(picture);
  const { width, height } = bitmap;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (context === null) throw new Error("no canvas"); // too large for this phone
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const pixels = context.getImageData(0, 0, width, height);
  canvas.width = 0; // gives a small phone its memory back at once
  return pixels;
}

/** @param {Uint8Array} bytes */
function isJpeg(bytes) {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

/**
 * Has a PNG more greys than a canvas?
 *
 * @param {Uint8Array} bytes
 */
function isDeep(bytes) {
  return bytes[0] === PNG && bytes[PNG_DEPTH_AT] > 8;
}

/**
 * Can nothing be seen through a picture? What lies behind would be drawn black here, while the
 * gateway tells whether that would hide the film.
 *
 * @param {ImageBitmap|HTMLImageElement} bitmap
 */
function isOpaque(bitmap) {
  const [width, height] = fitted(bitmap, LONGEST_PX);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return false;
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  canvas.width = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] < 255) return false;
  return true;
}

/**
 * The size of a picture, scaled down where it is longer than that.
 *
 * @param {ImageBitmap|HTMLImageElement} bitmap
 * @param {number} longest_px
 */
function fitted(bitmap, longest_px) {
  const size = sizeOf(bitmap);
  const scale = Math.min(1, longest_px / Math.max(...size));
  return size.map((side) => Math.max(1, Math.round(side * scale)));
}

/** @param {ImageBitmap|HTMLImageElement} bitmap */
function sizeOf(bitmap) {
  const isElement = bitmap instanceof HTMLImageElement;
  return isElement ? [bitmap.naturalWidth, bitmap.naturalHeight] : [bitmap.width, bitmap.height];
}

/**
 * Does a JPEG or PNG have its end? Any other file is left to the decoder.
 *
 * @param {Uint8Array} bytes
 */
function isWhole(bytes) {
  if (bytes[0] === PNG) return new TextDecoder("latin1").decode(bytes.slice(-64)).includes("IEND");
  if (!isJpeg(bytes)) return true;
  let at = 2; // past the segments before the scan: a thumbnail in one has an end of its own
  while (bytes[at] === 0xff && bytes[at + 1] !== 0xda) at += 2 + bytes[at + 2] * 256 + bytes[at + 3];
  for (at = bytes.indexOf(0xff, at); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0xd9) return true;
  }
  return false;
}

/** @param {Blob} file */
async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return decodeAsElement(file); // some phones decode formats only there
  }
}

/** @param {Blob} file */
async function decodeAsElement(file) {
  const image = new Image();
  const url = URL.createObjectURL(file);
  try {
    image.src = url;
    await image.decode();
    return image.naturalWidth > 0 ? image : null;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * @param {ImageBitmap|HTMLImageElement} bitmap
 * @param {number} quarterTurns
 * @param {import("../types.js").Area} part
 */
function draw(bitmap, quarterTurns, part) {
  const [wide, high] = sizeOf(bitmap);
  const [across, down] = quarterTurns % 2 === 1 ? [high, wide] : [wide, high];
  const width = (part.right - part.left) * across;
  const height = (part.bottom - part.top) * down;
  const scale = Math.min(1, LONGEST_PX / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("no canvas"); // too large for this phone
  context.imageSmoothingQuality = "high";
  context.scale(canvas.width / width, canvas.height / height);
  context.translate(across / 2 - part.left * across, down / 2 - part.top * down);
  context.rotate((quarterTurns * Math.PI) / 2);
  context.drawImage(bitmap, -wide / 2, -high / 2);
  return canvas;
}
