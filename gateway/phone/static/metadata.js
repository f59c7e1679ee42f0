/**
 * A JPEG without what its camera wrote about place, time and owner; its pixels stay bit for bit.
 *
 * Knows JPEG's segments and one tag of EXIF. Must not know dialogs or the gateway.
 */

const EXIF = 0xe1; // XMP too
const IPTC = 0xed;
const COMMENT = 0xfe;
const SCAN = 0xda;
const ORIENTATION = 0x0112;

/**
 * Take a JPEG's metadata out, but for which way is up.
 *
 * @param {Blob} file Any file; one that is no JPEG comes back as it is.
 * @returns {Promise<Blob>} What to send.
 */
export async function withoutMetadata(file) {
  const view = new DataView(await file.arrayBuffer());
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return file;
  /** @type {BlobPart[]} */
  const kept = [file.slice(0, 2)];
  let turned = 1;
  let at = 2;
  while (at + 4 <= view.byteLength && view.getUint8(at) === 0xff) {
    const kind = view.getUint8(at + 1);
    if (kind === SCAN) break;
    const end = at + 2 + view.getUint16(at + 2);
    if (kind === EXIF) turned = orientationOf(view, at + 4, end) ?? turned;
    if (![EXIF, IPTC, COMMENT].includes(kind)) kept.push(file.slice(at, end));
    at = end;
  }
  if (turned > 1) kept.splice(1, 0, orientationSegment(turned));
  return new Blob([...kept, file.slice(at)], { type: file.type });
}

/**
 * The value of EXIF's orientation in a segment, null where there is none.
 *
 * @param {DataView} view
 * @param {number} start
 * @param {number} end
 */
function orientationOf(view, start, end) {
  const tiff = start + 6; // after "Exif" and two zeros
  if (Math.min(end, view.byteLength) < tiff + 8) return null;
  const little = view.getUint16(tiff) === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, little);
  if (directory + 2 > view.byteLength) return null;
  for (let i = 0; i < view.getUint16(directory, little); i += 1) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > view.byteLength) return null;
    if (view.getUint16(entry, little) === ORIENTATION) return view.getUint16(entry + 8, little);
  }
  return null;
}

/**
 * An EXIF segment that says which way is up, and nothing else.
 *
 * @param {number} turned
 */
function orientationSegment(turned) {
  const head = [0xff, EXIF, 0, 34, ...new TextEncoder().encode("Exif\0\0MM\0*"), 0, 0, 0, 8];
  const entry = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0, 0, 0, 0, 0];
  return new Uint8Array([...head, ...entry]);
}
