/**
 * What the gateway tells as it happens, and whether it can be reached.
 *
 * Knows the event stream. Must not know what is done with an event. The browser's `EventSource`
 * comes back by itself after a broken connection, but not after an error status, and it does not
 * notice a Wi-Fi that went silent: both are mended here.
 */

/** @import { EventData } from "../types.js" */

/** @type {(keyof EventData)[]} */
const IN_EVERY_CHAT = ["message", "edited", "deleted", "action", "state", "pinned"];
/** @type {(keyof EventData)[]} */
const IN_OWN_CHAT = ["alarms", "answer", "commands", "chats", "language", "locked"];
const RETRY_MS = 2_000;
const PROBE_MS = 30_000;

export class Events {
  /** @type {EventSource|null} */
  #source = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #retry;
  #stopped = false;
  #heard;

  /**
   * @param {object} heard
   * @param {(kind: keyof EventData, data: any) => void} heard.event Something happened, in whichever
   *   chat.
   * @param {() => Promise<void>} heard.open Connected: fetch what was missed.
   * @param {() => void} heard.lost The connection is gone; trying again.
   * @param {() => Promise<boolean>} heard.probe Is all that is stored known here?
   */
  constructor(heard) {
    this.#heard = heard;
    addEventListener("online", () => this.restart());
    addEventListener("offline", () => this.#lost());
    document.addEventListener("visibilitychange", () => this.#check());
    setInterval(() => this.#check(), PROBE_MS);
  }

  /** Connect anew. */
  restart() {
    clearTimeout(this.#retry);
    this.#source?.close();
    if (this.#stopped) return;
    const source = new EventSource("/chat/events");
    this.#source = source;
    source.addEventListener("open", () => this.#heard.open().catch(() => this.#lost()));
    source.addEventListener("error", () => this.#lost());
    /** @param {string} name @param {keyof EventData} kind */
    const pass = (name, kind) =>
      source.addEventListener(name, ({ data }) => this.#heard.event(kind, JSON.parse(data)));
    for (const kind of [...IN_EVERY_CHAT, ...IN_OWN_CHAT]) pass(kind, kind);
    for (const kind of IN_EVERY_CHAT) pass(`group_${kind}`, kind);
  }

  /** Stop: nobody is signed in, or soon. */
  stop() {
    this.#stopped = true;
    this.restart();
  }

  /** Go on after all. */
  resume() {
    this.#stopped = false;
    this.restart();
  }

  #lost() {
    this.#heard.lost();
    this.#heard.probe().catch(() => null); // it tells at once where the session is over
    if (this.#source?.readyState === EventSource.CONNECTING) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#again(), RETRY_MS);
  }

  /** An event stream does not tell why it was refused; an ordinary call does. */
  async #again() {
    await this.#heard.probe().catch(() => false);
    this.restart();
  }

  async #check() {
    if (document.hidden || this.#source?.readyState !== EventSource.OPEN) return;
    const upToDate = await this.#heard.probe().catch(() => false);
    if (!upToDate) this.restart();
  }
}
