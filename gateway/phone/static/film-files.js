/**
 * Small pictures of files that this phone cannot draw: DICOM, a scan in a ZIP, HEIC, a PNG of many greys.
 *
 * Knows that somebody else makes them, and that the file is then held there, so that it is sent by a
 * name. Must not know the gateway.
 */

import { withoutMetadata } from "./metadata.js";

const HEIC_AT = [4, 8];

/**
 * @typedef {object} FilmFile
 * @property {"coming"|"shown"|"none"} state
 * @property {number} done Of the file's way there, 0 to 1.
 * @property {Blob|null} picture
 * @property {string|null} url Of the picture.
 * @property {boolean} isPhoto Whether a phone took it.
 * @property {string|null} held By what name it can be sent.
 * @property {AbortController} stop
 *
 * @typedef {{name: string, picture: Blob|null}} HeldFile
 *
 * @typedef {(file: Blob, name: string, onProgress: (done: number) => void, signal: AbortSignal)
 *   => Promise<HeldFile>} Hold
 */

export class FilmFiles {
  #line = Promise.resolve(); // one after the other: a small phone has little memory
  #hold;
  #letGo;
  #changed;

  /**
   * @param {Hold} hold Has a file's picture made.
   * @param {(name: string) => void} letGo A file is not going to be sent.
   * @param {(film: FilmFile) => void} changed
   */
  constructor(hold, letGo, changed) {
    this.#hold = hold;
    this.#letGo = letGo;
    this.#changed = changed;
  }

  /**
   * Begin to have a file's picture made.
   *
   * @param {File} file
   * @returns {FilmFile}
   */
  begin(file) {
    /** @type {FilmFile} */
    const film = {
      state: "coming",
      done: 0,
      picture: null,
      url: null,
      isPhoto: false,
      held: null,
      stop: new AbortController(),
    };
    this.#line = this.#line.then(() => this.#fetch(file, film));
    return film;
  }

  /**
   * Forget a file; it is held no longer, unless it is on its way.
   *
   * @param {FilmFile} film
   */
  forget(film) {
    film.stop.abort();
    if (film.url) URL.revokeObjectURL(film.url);
    if (film.held) this.#letGo(film.held);
  }

  /** @param {File} file @param {FilmFile} film */
  async #fetch(file, film) {
    const { signal } = film.stop;
    if (signal.aborted) return;
    /** @param {number} done */
    const onProgress = (done) => {
      film.done = done;
      this.#changed(film);
    };
    const came = await this.#ask(file, onProgress, signal);
    if (signal.aborted) {
      if (came) this.#letGo(came.name);
      return;
    }
    const picture = came?.picture ?? null;
    Object.assign(film, {
      state: picture ? "shown" : "none",
      held: came?.name ?? null,
      picture,
      url: picture && URL.createObjectURL(picture),
      isPhoto: (await file.slice(...HEIC_AT).text()) === "ftyp",
    });
    this.#changed(film);
  }

  /** @param {File} file @param {(done: number) => void} onProgress @param {AbortSignal} signal */
  async #ask(file, onProgress, signal) {
    try {
      return await this.#hold(await withoutMetadata(file), file.name, onProgress, signal);
    } catch {
      return null; // it is sent without having been seen
    }
  }
}
