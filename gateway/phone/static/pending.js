/**
 * Messages on their way, in the shape in which the gateway gives messages.
 *
 * Knows both shapes, and the addresses of this phone's own pictures.
 */

/**
 * @import { Attachment, Message, OutboxItem, Part, Photo, Quote, ShownMessage } from "../types.js"
 */

/**
 * By client id; kept as long as the page is open, so that a sent picture does not flicker.
 *
 * @type {Map<string, string[]>}
 */
const urls = new Map();

/**
 * Addresses of the pictures that this phone sent under a client id.
 *
 * @param {string} clientId
 */
export function urlsOf(clientId) {
  return urls.get(clientId) ?? [];
}

/**
 * What the chat shows for an item of the outbox.
 *
 * @param {OutboxItem} item
 */
export function pendingMessages(item) {
  const pictures = item.as === "photo" ? item.parts : [];
  if (!urls.has(item.clientId)) {
    urls.set(
      item.clientId,
      pictures.map(({ blob }) => URL.createObjectURL(blob)),
    );
  }
  const parts = item.parts.length > 0 ? item.parts : [null];
  return parts.map((part, i) => pendingMessage(item, part, i));
}

/**
 * @param {OutboxItem} item
 * @param {Part|null} part
 * @param {number} i
 * @returns {ShownMessage}
 */
function pendingMessage(item, part, i) {
  const text = i === 0 ? item.text : "";
  const bytes = item.parts.reduce((sum, { blob }) => sum + blob.size, 0);
  return {
    message_id: null,
    client_id: item.clientId,
    date: item.date_s,
    outgoing: true,
    chat: item.chat ? { chat_id: item.chat } : null,
    local: { state: item.state, error: item.error, bytes },
    text,
    entities: [],
    reply_to: item.replyTo && quoteOf(item.replyTo),
    photo: part && item.as === "photo" ? pictureOf(part, urlsOf(item.clientId)[i]) : null,
    document: part && item.as === "document" ? fileOf(part) : null,
  };
}

/**
 * @param {Message} message
 * @returns {Quote}
 */
function quoteOf({ message_id: id, text, photo, author }) {
  const thumb = photo?.url === undefined ? photo?.thumb_id : null;
  return { message_id: id, text, photo: photo !== null, thumb_id: thumb, author };
}

/**
 * @param {Part} part
 * @param {string} url
 * @returns {Photo}
 */
function pictureOf({ width = 0, height = 0 }, url) {
  return { url, width, height };
}

/**
 * @param {Part} part
 * @returns {Attachment}
 */
function fileOf({ name, blob }) {
  return { file_name: name, file_size: blob.size };
}
