/**
 * A picture made ready to send: upright, at most 2,048 px, a JPEG without metadata.
 *
 * Knows the canvas. Must not know dialogs or the gateway.
 */

const LONGEST_PX = 2048;
const QUALITY = 0.9;

/**
 * Re-encode a picture; EXIF, with the place where it was taken, is left out.
 *
 * @param {Blob} file As the phone gave it.
 * @param {number} quarterTurns Clockwise quarter turns on top of the upright picture.
 * @param {import("../types.js").Area} part What to keep of the turned picture, in fractions of it.
 * @returns {Promise<{blob: Blob, width: number, height: number}|null>} null where this browser
 *   cannot decode it, as with DICOM and often HEIC.
 */
export async function prepare(file, quarterTurns, part) {
  // a browser also draws a truncated file; once redrawn, nobody could tell
  const bitmap = (await isWhole(file)) ? await decode(file) : null;
  if (bitmap === null) return null;
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
 * @param {Blob} picture
 * @param {number} longest_px
 * @returns {Promise<Blob|null>}
 */
export async function small(picture, longest_px) {
  const bitmap = await createImageBitmap(picture);
  const scale = Math.min(1, longest_px / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

/**
 * Does a JPEG or PNG have its end? Any other file is left to the decoder.
 *
 * @param {Blob} file
 */
async function isWhole(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0x89) return new TextDecoder("latin1").decode(bytes.slice(-64)).includes("IEND");
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return true;
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
  const isElement = bitmap instanceof HTMLImageElement;
  const wide = isElement ? bitmap.naturalWidth : bitmap.width;
  const high = isElement ? bitmap.naturalHeight : bitmap.height;
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
