/**
 * The gateway's HTTP interface.
 *
 * Knows addresses, statuses and the ways a call can fail. Must not know the page.
 */

/**
 * @import { HistoryPage, Message, Pass, Range, Refusal, Sample, Seen, ShownMessage, SignIn }
 *   from "../types.js"
 */

const CALL_MS = 20_000;
const STALL_MS = 60_000;

/** The gateway refused; the message is its sentence for people, `body` its whole answer. */
export class Refused extends Error {
  /** @param {Refusal|null} body */
  constructor(body) {
    super(body?.error ?? "");
    this.body = body ?? {};
  }
}

/** The gateway could not be reached, or broke down: the same call may work later. */
export class Unreachable extends Error {}

/** What the gateway held for this phone, it holds no longer. */
export class Gone extends Error {}

/** Nobody is signed in on this phone any more. */
export class SessionEnded extends Error {}

/** The chat asks for its PIN first. */
export class Locked extends Error {}

/**
 * Join with an invite code, to be written to in `language`. The answer brings the session cookie once
 * the bot has said yes, or is refused with what is wrong with the code.
 *
 * @param {string} code
 * @param {string} name
 * @param {string} language
 */
export function join(code, name, language) {
  const body = json({ code, name });
  return call("/join", { ...body, headers: { ...body.headers, "Accept-Language": language } });
}

/** End this phone's session. */
export function leave() {
  return call("/leave", json({}));
}

/**
 * Be written to in another language.
 *
 * @param {string} code
 */
export function chooseLanguage(code) {
  return call("/chat/language", { ...json({ language_code: code }), method: "PUT" });
}

/**
 * Open a locked chat with its PIN. The answer's `pass` opens it again in this tab.
 *
 * @param {string} pin
 * @returns {Promise<Pass>}
 */
export function unlock(pin) {
  return call("/unlock", json({ pin }));
}

/**
 * Open a chat again that was open lately in this tab.
 *
 * @param {string} pass
 */
export function reopen(pass) {
  return call("/unlock", json({ pass }));
}

/**
 * Set the chat's PIN, null for none; `current` is the one that it has now. The answer is that of
 * `unlock`.
 *
 * @param {string|null} pin
 * @param {string} [current]
 * @returns {Promise<Pass>}
 */
export function setPin(pin, current) {
  return call("/chat/pin", { ...json({ pin, current }), method: "PUT" });
}

/**
 * Where one is signed in, and how many pages show one's chat now.
 *
 * @returns {Promise<{ sessions: SignIn[], open_pages: number }>}
 */
export function signIns() {
  return call("/chat/sessions");
}

/**
 * Sign out somewhere.
 *
 * @param {number} sessionId
 */
export function endSignIn(sessionId) {
  return call(`/chat/sessions/${sessionId}`, { method: "DELETE" });
}

/**
 * Messages, oldest first.
 *
 * @param {Range} range `chat` is a group's id; without it, it is the reader's own chat. Without the
 *   others, these are the last 100.
 * @returns {Promise<HistoryPage>}
 */
export function messages(range = {}) {
  const asked = Object.entries(range).map(([name, value]) => [name, String(value)]);
  return call(`/chat/messages?${new URLSearchParams(asked)}`);
}

/**
 * Press an inline button; `chatId` where it is in a group.
 *
 * @param {number} messageId
 * @param {string} data
 * @param {number} [chatId]
 */
export function press(messageId, data, chatId) {
  return call("/chat/callbacks", json({ message_id: messageId, data, chat_id: chatId }));
}

/**
 * Where the film surely is in a photo that is not sent yet, and what is wrong with it; the gateway
 * keeps nothing of it.
 *
 * @param {Blob} photo A small one is enough.
 * @returns {Promise<Seen>}
 */
export function look(photo) {
  return call("/chat/look", { method: "POST", body: photo });
}

/**
 * The sample films that may be tried.
 *
 * @param {string} language In which they are called something.
 * @returns {Promise<Sample[]>}
 */
export function samples(language) {
  return call(`/samples?${new URLSearchParams({ language })}`);
}

/**
 * Fetch a file of the gateway's.
 *
 * @param {string} url
 */
export async function file(url) {
  const response = await reach(url);
  return response.blob();
}

/**
 * The address of a file of one's own chat.
 *
 * @param {string} fileId
 */
export function fileUrl(fileId) {
  return `/chat/files/${encodeURIComponent(fileId)}`;
}

/**
 * The address of the small picture beside a button.
 *
 * @param {ShownMessage} message The one that the button is under.
 * @param {string} data
 */
export function pictureBeside({ message_id: id, chat }, data) {
  const query = new URLSearchParams({ data });
  if (chat) query.set("chat", String(chat.chat_id));
  return `/chat/messages/${id}/picture?${query}`;
}

/**
 * Send a message. The same client id again answers the same messages, so repeating is harmless.
 *
 * @param {string} clientId Unique for this message.
 * @param {FormData} form `text`, `file` parts with their `film_corners`, `as`, `reply_to`, `chat`.
 * @param {(done: number) => void} onProgress Receives 0 to 1.
 * @returns {Promise<Message[]>} The messages as the gateway stored them: several for an album.
 */
export async function send(clientId, form, onProgress) {
  const answer = await put(`/chat/messages/${clientId}`, form, onProgress);
  return parse(await answer.text()).messages;
}

/**
 * Delete a message that nobody has read yet; an album as a whole.
 *
 * @param {number} messageId
 */
export function takeBack(messageId) {
  return call(`/chat/messages/${messageId}`, { method: "DELETE" });
}

/**
 * Have the small picture made of a file that is not sent yet; the gateway holds the file for a while,
 * and it can be sent by this name.
 *
 * @param {string} name
 * @param {Blob} blob
 * @param {string} fileName
 * @param {(done: number) => void} onProgress Receives 0 to 1.
 * @param {AbortSignal} signal
 * @returns {Promise<Blob|null>} Null where none can be made of it.
 */
export async function hold(name, blob, fileName, onProgress, signal) {
  const form = new FormData();
  form.append("file", blob, fileName);
  const answer = await put(`/chat/held/${name}`, form, onProgress, signal);
  return answer.size > 0 ? answer : null;
}

/**
 * Have a file held no longer.
 *
 * @param {string} name
 */
export function letGo(name) {
  return call(`/chat/held/${name}`, { method: "DELETE" });
}

/**
 * Upload a form.
 *
 * @param {string} url
 * @param {FormData} form
 * @param {(done: number) => void} onProgress
 * @param {AbortSignal} [signal]
 * @returns {Promise<Blob>} The answer.
 */
function put(url, form, onProgress, signal) {
  /** @type {Deferred<Blob>} */
  const { promise, resolve, reject } = deferred();
  const request = new XMLHttpRequest(); // fetch cannot tell upload progress
  request.open("PUT", url);
  request.responseType = "blob";
  const abort = () => request.abort();
  signal?.addEventListener("abort", abort);
  const watch = stallWatch(abort);
  addEventListener("offline", abort); // else a browser holds on to it until it stalls
  request.upload.addEventListener("progress", (event) => {
    watch.moved();
    if (event.lengthComputable) onProgress(event.loaded / event.total);
  });
  request.addEventListener("loadend", () => {
    watch.stop();
    removeEventListener("offline", abort);
  });
  for (const end of ["error", "abort"]) {
    request.addEventListener(end, () => reject(new Unreachable()));
  }
  request.addEventListener("load", async () => {
    const { status, response } = request;
    if (status >= 200 && status < 300) resolve(response);
    else reject(failureOf(status, parse(await response.text())));
  });
  request.send(form);
  return promise;
}

/**
 * @param {string} url
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
async function call(url, options) {
  const response = await reach(url, options);
  return parse(await response.text());
}

/**
 * A Wi-Fi that went silent ends no upload by itself.
 *
 * @param {() => void} onStall
 */
function stallWatch(onStall) {
  let timer = setTimeout(onStall, STALL_MS);
  return {
    moved() {
      clearTimeout(timer);
      timer = setTimeout(onStall, STALL_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

/**
 * @param {string} url
 * @param {RequestInit} options
 */
async function reach(url, options = {}) {
  const patience = new AbortController(); // AbortSignal.timeout is younger than some phones
  setTimeout(() => patience.abort(), CALL_MS); // the body's time too; afterwards it changes nothing
  let response;
  try {
    response = await fetch(url, { ...options, signal: patience.signal });
  } catch {
    throw new Unreachable();
  }
  if (response.ok) return response;
  throw failureOf(response.status, parse(await response.text()));
}

/**
 * @param {number} status
 * @param {Refusal|null} body
 */
function failureOf(status, body) {
  if (status === 410) return new Gone();
  if (status === 401) return new SessionEnded();
  if (status === 423) return new Locked();
  if (status === 0 || status === 408 || status === 429 || status >= 500) {
    return new Unreachable(body?.error);
  }
  return new Refused(body);
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {object} body */
function json(body) {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
}

/**
 * @template T
 * @typedef {object} Deferred
 * @property {Promise<T>} promise
 * @property {(value: T) => void} resolve
 * @property {(error: Error) => void} reject
 */

/**
 * @template T
 * @returns {Deferred<T>}
 */
function deferred() {
  const parts = /** @type {Deferred<T>} */ ({});
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
