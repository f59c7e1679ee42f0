/**
 * What a reader takes out of the chat by their own hand: copied, or given to another app.
 *
 * Knows which way this browser has. Over plain HTTP no browser lets a page share, and none lets it
 * copy but by a selection.
 */

/** @import { Message } from "../types.js" */

import { file as fetched, fileUrl } from "./api.js";

/**
 * Whether a message can be given to another app from here.
 *
 * @param {Message} message
 */
export function canShare({ text, photo, document: file, protected: isProtected }) {
  return "share" in navigator && !isProtected && Boolean(text || photo || file);
}

/**
 * Let the reader choose the app that gets a message, its file with it where this browser can.
 *
 * @param {Message} message
 * @returns {Promise<boolean>} False where it could not be shared; true also if the reader let it be.
 */
export async function share(message) {
  try {
    const files = await filesOf(message);
    const withFiles = files.length > 0 && navigator.canShare?.({ files });
    await navigator.share(withFiles ? { files, text: message.text } : { text: message.text });
    return true;
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError";
  }
}

/** @param {Message} message */
async function filesOf({ photo, document: file, message_id: id }) {
  const kept = photo && photo.url === undefined ? photo : file;
  if (!kept?.file_id) return [];
  const content = await fetched(fileUrl(kept.file_id));
  return [new File([content], file?.file_name ?? `${id}.jpg`, { type: content.type })];
}

/**
 * Copy a text.
 *
 * @param {string} text
 */
export function copyText(text) {
  const take = (/** @type {ClipboardEvent} */ event) => {
    event.preventDefault();
    event.clipboardData?.setData("text/plain", text);
  };
  document.addEventListener("copy", take, { once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", take);
}
