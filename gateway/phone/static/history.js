/**
 * Earlier messages, a page at a time, as the reader goes up.
 *
 * Knows what was loaded. Must not know the page nor how messages are fetched.
 */

/** @import { FetchedPage, Range } from "../types.js" */
/** @import { Timeline } from "./timeline.js" */

const FIRST_PAGE = 100; // what the gateway gives when not told how many
const PAGE = 100;

export class History {
  /** Is the first message of the chat here? */
  complete = false;
  /** @type {Promise<boolean>|null} */
  #loading = null;
  #timeline;
  #fetchPage;
  #onLoaded;

  /**
   * @param {Timeline} timeline Where the messages go.
   * @param {(range: Range) => Promise<FetchedPage>} fetchPage
   * @param {(complete: boolean) => void} onLoaded A page is there; receives whether there is no more.
   */
  constructor(timeline, fetchPage, onLoaded) {
    this.#timeline = timeline;
    this.#fetchPage = fetchPage;
    this.#onLoaded = onLoaded;
  }

  /**
   * Take note of the newest page.
   *
   * @param {FetchedPage} page
   */
  begin({ fetched }) {
    this.#note(fetched < FIRST_PAGE);
  }

  /** Load the page before what is here; false where it could not be. */
  load() {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /**
   * Bring a message into view, loading up to it.
   *
   * @param {number} messageId
   */
  async reach(messageId) {
    let more = true;
    while (more && !this.#timeline.reveal(messageId)) more = await this.load();
  }

  async #load() {
    const [before] = this.#timeline.ids;
    if (this.complete || before === undefined) return false;
    const page = await this.#fetchPage({ before, limit: PAGE }).catch(() => null);
    if (page === null) return false; // scrolling up again tries again
    if (this.#timeline.ids[0] !== before) return false; // another chat is open meanwhile
    this.#timeline.prepend(page.messages);
    this.#note(page.fetched === 0);
    return true;
  }

  /** @param {boolean} complete */
  #note(complete) {
    this.complete = complete;
    this.#onLoaded(complete);
  }
}
