/**
 * Messages on their way: kept on the phone until the gateway has them, sent one at a time in order.
 *
 * Knows IndexedDB and the sending. Must not know the page. A reload loses nothing; the client id
 * stays with its message, so sending twice is one message.
 */

import { Gone, Locked, Refused, SessionEnded, send } from "./api.js";

/** @import { Message, Outgoing, OutboxItem, OutboxState } from "../types.js" */

const STORE = "outbox";
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;
const SESSION = "edgerad.session";

// where a message on its way stands
export const WAITING = "waiting";
export const SENDING = "sending";
export const UNREACHED = "unreached"; // the gateway was not reached: everything behind it waits
export const REFUSED = "refused"; // the gateway said no: what is behind it goes on

/** Mark that somebody joined: what an earlier person left unsent then waits for a tap. */
export function startSession() {
  localStorage.setItem(SESSION, randomId());
}

/** Forget what this phone did not send, where there is no chat open on it. */
export async function forgetUnsent() {
  await new Outbox().wipe();
}

/** A random id in the form of a UUID (`crypto.randomUUID` is missing on plain HTTP). */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * @typedef {object} Heard
 * @property {() => void} [changed] `items` changed.
 * @property {(clientId: string, done: number) => void} [progress] An upload proceeds, 0 to 1.
 * @property {(messages: Message[]) => void} [sent] The gateway has it, as these messages.
 * @property {() => void} [sessionEnded] Nobody is signed in any more.
 * @property {() => void} [locked] The chat asks for its PIN; what waits is kept until then.
 */

export class Outbox {
  /**
   * Messages on their way, oldest first.
   *
   * @type {OutboxItem[]}
   */
  items = [];
  /** @type {IDBDatabase|null} */
  #database = null;
  #sending = false;
  #failures = 0; // in a row
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #retry;
  #heard;

  /** @param {Heard} heard */
  constructor(heard = {}) {
    this.#heard = heard;
  }

  /** Take up what was left unsent when the page was closed. */
  async open() {
    this.#database = await openDatabase().catch(() => null); // without one, memory has to do
    const stored = (await this.#stored("readonly", (store) => store.getAll())) ?? [];
    const session = localStorage.getItem(SESSION);
    this.items = stored.map((/** @type {OutboxItem} */ item) => ({
      ...item,
      state: item.session === session ? WAITING : REFUSED,
      error: "",
    }));
    this.#heard.changed?.();
  }

  /**
   * Keep a message and start sending.
   *
   * @param {Outgoing} message
   */
  async add(message) {
    /** @type {Omit<OutboxItem, "state"|"error">} */
    const item = {
      ...message,
      clientId: randomId(),
      session: localStorage.getItem(SESSION),
      date_s: Math.floor(Date.now() / 1000),
    };
    item.order = await this.#stored("readwrite", (store) => store.add(item));
    this.items.push({ ...item, state: WAITING, error: "" });
    this.#heard.changed?.();
    this.flush();
  }

  /**
   * Try again what is not sent; `clientId` also tries one that was refused.
   *
   * @param {string} clientId
   */
  retry(clientId) {
    const item = this.#find(clientId);
    if (item) item.state = WAITING;
    this.flush();
  }

  /**
   * Give a message up.
   *
   * @param {string} clientId
   */
  async discard(clientId) {
    await this.#drop(clientId);
    this.#heard.changed?.();
    this.flush();
  }

  /**
   * Take a message back before it is sent; undefined where it is on its way, or there already.
   *
   * @param {string} clientId
   * @returns {Promise<OutboxItem|undefined>}
   */
  async take(clientId) {
    const item = this.#find(clientId);
    if (!item || item.state === SENDING) return undefined;
    await this.discard(clientId);
    return item;
  }

  /** Forget everything, on the phone's disk too: its owner leaves. */
  async wipe() {
    clearTimeout(this.#retry);
    this.#database ??= await openDatabase().catch(() => null);
    this.items = [];
    await this.#stored("readwrite", (store) => store.clear());
    localStorage.removeItem(SESSION);
    this.#heard.changed?.();
  }

  /** Send what waits, oldest first, until the gateway cannot be reached; then again in a while. */
  async flush() {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#retry);
    try {
      let next = this.#next();
      while (next && (await this.#send(next))) next = this.#next();
    } finally {
      this.#sending = false;
    }
  }

  #next() {
    return this.items.find((item) => item.state !== REFUSED);
  }

  /** @param {string} clientId */
  #find(clientId) {
    return this.items.find((item) => item.clientId === clientId);
  }

  /** @param {OutboxItem} item */
  async #send(item) {
    this.#mark(item, SENDING);
    const progress = (/** @type {number} */ done) => this.#heard.progress?.(item.clientId, done);
    try {
      const messages = await send(item.clientId, formOf(item), progress);
      this.#failures = 0;
      await this.#drop(item.clientId);
      this.#heard.sent?.(messages);
      return true;
    } catch (error) {
      if (error instanceof Gone) {
        for (const part of item.parts) delete part.held;
        return true; // now as a whole
      }
      if (error instanceof SessionEnded) this.#heard.sessionEnded?.();
      if (error instanceof Locked) this.#heard.locked?.();
      const words = error instanceof Error ? error.message : "";
      this.#mark(item, error instanceof Refused ? REFUSED : UNREACHED, words);
      if (!(error instanceof Refused)) this.#later();
      return error instanceof Refused;
    }
  }

  /** Each wait is twice the last, and not the same on every phone of the ward. */
  #later() {
    const wait_ms = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.flush(), wait_ms * (0.75 + Math.random() / 2));
  }

  /** @param {OutboxItem} item @param {OutboxState} state */
  #mark(item, state, error = "") {
    Object.assign(item, { state, error });
    this.#heard.changed?.();
  }

  /** @param {string} clientId */
  async #drop(clientId) {
    const item = this.#find(clientId);
    if (!item) return;
    this.items = this.items.filter((other) => other !== item);
    const { order } = item;
    if (order) await this.#stored("readwrite", (store) => store.delete(order));
  }

  /**
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest} act
   * @returns {Promise<any>} Its result; undefined where nothing can be kept.
   */
  #stored(mode, act) {
    if (!this.#database) return Promise.resolve(undefined);
    const request = act(this.#database.transaction(STORE, mode).objectStore(STORE));
    return answerOf(request).catch(() => undefined); // the disk may be full: memory still has it
  }
}

/** @param {OutboxItem} item */
function formOf(item) {
  const form = new FormData();
  form.append("text", item.text);
  if (item.chat) form.append("chat", String(item.chat));
  if (item.replyTo) form.append("reply_to", String(item.replyTo.message_id));
  if (item.parts.length > 0) form.append("as", item.as);
  for (const part of item.parts) {
    if (part.held) form.append("file", part.held);
    else form.append("file", part.blob, part.name);
  }
  if (item.parts.some(({ corners }) => corners)) {
    for (const { corners } of item.parts) {
      form.append("film_corners", corners ? JSON.stringify(corners) : "");
    }
  }
  return form;
}

function openDatabase() {
  const request = indexedDB.open("edgerad", 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
  });
  return answerOf(request);
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
