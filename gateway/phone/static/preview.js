/**
 * The sheet between choosing pictures and sending them.
 *
 * Knows what was chosen and how it is to be sent. Must not know the gateway or the outbox.
 */

/** @import { Area, Corners, Part, PhotoFault, Seen, SendAs } from "../types.js" */

import { forgetFacts, showFacts } from "./about.js";
import { AT_FIRST, handles, turnedCorners } from "./corners.js";
import { choosePart, turned, WHOLE } from "./cropper.js";
import { ask, tell } from "./dialogs.js";
import { byId, element, icon } from "./elements.js";
import { FilmFiles } from "./film-files.js";
import { withoutMetadata } from "./metadata.js";
import { prepare, small } from "./picture.js";
import { sizeInWords, t } from "./strings.js";

const LONGEST_CAPTION = 1024;
const LARGEST_ALBUM = 10;
const LOOKED_AT_PX = 1024;
const SETTLED_MS = 250; // after a corner was moved
const COACH_AFTER_MS = 4_000; // the chat comes first over a slow link
const largest_bytes = Number(document.documentElement.dataset.maxUploadBytes);

/**
 * @typedef {object} Chosen
 * @property {File} file
 * @property {number} quarterTurns
 * @property {Area} part
 * @property {{blob: Blob, width: number, height: number, url: string}|null} [ready] Null where this
 *   phone cannot draw it; left out until that is known.
 * @property {import("./film-files.js").FilmFile} [film] Of what this phone cannot draw: its small picture.
 * @property {Blob|null} looked The same, small, by which it is judged.
 * @property {Corners|null} corners Of the film in the picture as it is shown; null for none.
 * @property {Corners|null} found Where the film was seen: there its corners begin to be set.
 * @property {boolean} decided Whether somebody set its corners, or took them off.
 * @property {PhotoFault[]} told What the gateway found wrong with the photo.
 * @property {PhotoFault[]} faults For which it should be taken again.
 *
 * @typedef {{as: SendAs, parts: Part[]}} Batch One message's: pictures and files go apart.
 */

/** @type {Pick<Chosen, "looked"|"corners"|"found"|"decided"|"told"|"faults">} */
const NOT_LOOKED_AT = {
  looked: null,
  corners: null,
  found: null,
  decided: false,
  told: [],
  faults: [],
};

/** @type {Promise<typeof import("./coach.js")|null>|null} */
let coach = null;

/** What judges photos; null while it cannot be fetched. */
function theCoach() {
  coach ??= import("./coach.js").catch(() => {
    coach = null; // the next photo tries again
    return null;
  });
  return coach;
}

export class Preview {
  #dialog = byId("preview");
  #original = byId("preview-original");
  #caption = byId("caption");
  /** @type {Chosen[]} */
  #chosen = [];
  #current = 0;
  #onSend;
  #onMore;
  #onLook;
  #onRetake;
  #films;
  /** @type {Chosen|null} taken again: the next picture takes its place */
  #replaced = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #settling;
  /** @type {(typeof import("./coach.js"))["advice"]} */
  #wordsOf = () => [];
  #captionLeft;
  #turning = Promise.resolve();
  #turns = 0; // asked for and not done
  /** @type {{ready: Chosen["ready"], file: File, corners: Corners|null, state?: string}|null} */
  #staged = null;

  /**
   * @param {(caption: string, groups: Batch[]) => void} onSend
   * @param {() => void} onMore The reader wants to add pictures.
   * @param {object} machine What the clinic's machine does before anything is sent.
   * @param {(picture: Blob) => Promise<Seen|null>} machine.look Looks for the film in a picture.
   * @param {import("./film-files.js").Hold} machine.hold Makes the picture of a file.
   * @param {(name: string) => void} machine.letGo Forgets such a file.
   * @param {() => void} onRetake The reader wants to take a picture again.
   * @param {() => string} captionLeft What was said of a file that came to nothing; empty for none.
   */
  constructor(onSend, onMore, { look, hold, letGo }, onRetake, captionLeft) {
    this.#captionLeft = captionLeft;
    this.#onSend = onSend;
    this.#onMore = onMore;
    this.#onLook = look;
    this.#films = new FilmFiles(hold, letGo, (film) => this.#follow(film));
    this.#onRetake = onRetake;
    setTimeout(theCoach, COACH_AFTER_MS);
    byId("preview-form").addEventListener("submit", (event) => this.#submit(event));
    byId("preview-close").addEventListener("click", () => this.#discard());
    byId("preview-rotate").addEventListener("click", () => this.#rotate());
    byId("preview-crop").addEventListener("click", () => this.#crop());
    byId("preview-corners").addEventListener("click", () => this.#toggleCorners());
    byId("preview-remove").addEventListener("click", () => this.#remove());
    byId("coach-again").addEventListener("click", () => this.#retake());
    this.#original.addEventListener("change", () => this.#show());
    this.#caption.addEventListener("input", () => this.#count());
    byId("caption-again").addEventListener("click", () => this.#sayAgain());
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#discard();
    });
  }

  /**
   * Take chosen files in; those that cannot be sent are named in words and left out.
   *
   * @param {File[]} files
   */
  async add(files, caption = "") {
    const fitting = [];
    for (const file of files) {
      const fault = faultOf(file);
      if (fault) await tell(fault);
      else fitting.push(file);
    }
    if (fitting.length > 0) this.#makeRoom();
    const room = LARGEST_ALBUM - this.#chosen.length;
    if (fitting.length > room) await tell(t("albumTooLong", { n: LARGEST_ALBUM }));
    if (fitting.length === 0) return;
    if (caption) this.#caption.value = caption;
    this.#current = this.#chosen.length;
    this.#chosen.push(...fitting.slice(0, room).map(newlyChosen));
    this.#current = Math.min(this.#current, this.#chosen.length - 1);
    this.#open();
    for (const each of this.#chosen.filter(({ ready }) => ready === undefined)) {
      await this.#prepare(each); // one after the other: a small phone has little memory
      if (!this.#chosen.includes(each)) continue; // taken out meanwhile
      if (each.ready === null) each.film = this.#films.begin(each.file);
      this.#show();
      this.#look(each);
    }
  }

  /**
   * Show how far the picture of a file is.
   *
   * @param {import("./film-files.js").FilmFile} film
   */
  #follow(film) {
    const each = this.#chosen.find((one) => one.film === film);
    if (!each) return;
    const bar = byId("preview-stage").querySelector("progress");
    if (film.state !== "coming") {
      this.#show();
      this.#look(each);
    } else if (bar && each === this.#chosen[this.#current]) showDone(bar, film.done);
  }

  #open() {
    if (!this.#dialog.open) {
      byId("caption-error").textContent = "";
      this.#offerCaption();
      this.#dialog.showModal();
    }
    this.#count();
    showFacts();
    this.#show();
  }

  /** What was said of a file that came to nothing may be said of this one: by a tap, never by itself. */
  #offerCaption() {
    const left = this.#caption.value ? "" : this.#captionLeft();
    const offer = byId("caption-again");
    offer.hidden = left === "";
    offer.dataset.caption = left;
    offer.textContent = t("captionAgain", { caption: left });
  }

  #sayAgain() {
    const offer = byId("caption-again");
    this.#caption.value = offer.dataset.caption ?? "";
    offer.hidden = true;
    this.#caption.focus();
    this.#caption.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #toggleCorners() {
    const each = this.#chosen[this.#current];
    if (!each?.ready) return;
    each.corners = each.corners ? null : (each.found ?? AT_FIRST);
    each.decided = true;
    this.#show();
    this.#judge(each);
  }

  /** @param {Chosen} each @param {Corners} corners */
  #setCorners(each, corners) {
    each.corners = corners;
    each.decided = true;
    if (this.#staged) this.#staged.corners = corners; // its handles have moved already
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#judge(each), SETTLED_MS);
  }

  /**
   * Draw a picture; one that cannot be drawn anew stays as it was.
   *
   * @param {Chosen} each
   * @param {Pick<Chosen, "quarterTurns"|"part">} way How it is shown then.
   * @returns {Promise<boolean>} Whether it is shown so.
   */
  async #prepare(each, { quarterTurns, part } = each) {
    const drawn = await prepare(each.file, quarterTurns, part);
    if (each.ready && drawn === null) return false;
    if (each.ready) URL.revokeObjectURL(each.ready.url);
    const ready = drawn && { ...drawn, url: URL.createObjectURL(drawn.blob) };
    Object.assign(each, { quarterTurns, part, ready });
    return true;
  }

  /**
   * Look for the film; its corners are shown where it was seen, unless somebody set them.
   *
   * @param {Chosen} each
   */
  async #look(each) {
    const { ready, film } = each;
    const photo = ready?.blob ?? (film?.isPhoto ? film.picture : null);
    const looked = photo ? await small(photo, LOOKED_AT_PX) : null;
    const seen = looked && (await this.#onLook(looked));
    if (each.ready !== ready) return; // it was turned or cropped meanwhile
    each.looked = looked;
    each.found = seen?.corners ?? each.found;
    each.told = seen?.faults ?? [];
    if (!each.decided) each.corners = each.found;
    if (each === this.#chosen[this.#current]) this.#show();
    await this.#judge(each);
  }

  /**
   * Find out for what a photo should be taken again.
   *
   * @param {Chosen} each
   */
  async #judge(each) {
    const { looked, corners, told } = each;
    const judge = await theCoach();
    const faults = judge && looked ? await judge.faultsIn(looked, corners, told) : [];
    if (!this.#chosen.includes(each)) return; // sent or taken out meanwhile
    if (each.looked !== looked || each.corners !== corners) return; // it is judged anew
    each.faults = faults;
    if (judge) this.#wordsOf = judge.advice;
    this.#advise();
  }

  /** Say what is wrong with the picture on the stage, and mark every poor one. */
  #advise() {
    const isPoor = (/** @type {Chosen} */ { faults }) => faults.length > 0 && !this.#original.checked;
    const here = this.#chosen[this.#current];
    byId("coach").hidden = !here || !isPoor(here);
    byId("coach-says").replaceChildren(...this.#wordsOf(here?.faults ?? []));
    byId("preview-send-words").textContent = t(this.#chosen.some(isPoor) ? "sendAnyway" : "send");
    byId("preview-strip")
      .querySelectorAll("button:not(.more)")
      .forEach((thumb, i) => thumb.classList.toggle("poor", isPoor(this.#chosen[i])));
  }

  /** Have the picture on the stage taken again; it stays until there is another one. */
  #retake() {
    this.#replaced = this.#chosen[this.#current] ?? null;
    this.#onRetake();
  }

  /** Take out the picture in whose place another one was taken. */
  #makeRoom() {
    const replaced = this.#chosen.indexOf(/** @type {Chosen} */ (this.#replaced));
    this.#replaced = null;
    if (replaced < 0) return;
    const [gone] = this.#chosen.splice(replaced, 1);
    this.#forget(gone);
  }

  /** @param {Chosen} each It is on its way, or is not going to be sent. */
  #forget({ ready, film }) {
    if (ready) URL.revokeObjectURL(ready.url);
    if (film) this.#films.forget(film);
  }

  #rotate() {
    const each = this.#chosen[this.#current];
    if (!each?.ready) return;
    this.#turns += 1;
    this.#show();
    this.#turning = this.#turning.then(() => this.#turn(each));
  }

  /** @param {Chosen} each */
  async #turn(each) {
    const quarterTurns = (each.quarterTurns + 1) % 4;
    const way = { quarterTurns, part: turned(each.part) };
    if (await this.#prepare(each, way).catch(() => false)) {
      each.corners = each.corners && turnedCorners(each.corners);
      each.found = each.found && turnedCorners(each.found);
    } else await tell(t("notTurned"));
    this.#turns -= 1;
    this.#show();
    this.#look(each);
  }

  async #crop() {
    const each = this.#chosen[this.#current];
    if (!each?.ready) return;
    const whole = await prepare(each.file, each.quarterTurns, WHOLE);
    if (whole === null) return;
    const url = URL.createObjectURL(whole.blob);
    const part = await choosePart(url, each.part);
    URL.revokeObjectURL(url);
    if (part === null) return;
    if (!(await this.#prepare(each, { quarterTurns: each.quarterTurns, part }))) return;
    Object.assign(each, NOT_LOOKED_AT);
    this.#show();
    this.#look(each);
  }

  #remove() {
    const [gone] = this.#chosen.splice(this.#current, 1);
    if (gone) this.#forget(gone);
    this.#current = Math.max(0, this.#current - 1);
    if (this.#chosen.length === 0) this.#close();
    else this.#show();
  }

  async #discard() {
    if (await ask(t("discardQuestion"), t("discard"), t("keep"))) this.#close();
  }

  #close() {
    for (const each of this.#chosen) this.#forget(each);
    this.#chosen = [];
    this.#current = 0;
    this.#caption.value = "";
    this.#replaced = null;
    forgetFacts();
    this.#original.checked = false;
    byId("preview-stage").replaceChildren();
    this.#staged = null;
    this.#dialog.close();
  }

  #count() {
    const { length } = this.#caption.value;
    byId("caption-count").textContent = `${length} / ${LONGEST_CAPTION}`;
    byId("caption-count").classList.toggle("over", length > LONGEST_CAPTION);
    byId("caption-error").textContent =
      length > LONGEST_CAPTION ? t("captionTooLong", { n: length - LONGEST_CAPTION }) : "";
  }

  #show() {
    const each = this.#chosen[this.#current];
    if (!each) return;
    const many = this.#chosen.length > 1;
    byId("preview-title").textContent = many
      ? t("album", { n: this.#chosen.length })
      : t("sendPicture");
    for (const change of ["preview-rotate", "preview-crop", "preview-corners"]) {
      byId(/** @type {"preview-crop"} */ (change)).disabled = !each.ready || this.#original.checked;
    }
    const hasCorners = Boolean(each.ready && each.corners && !this.#original.checked);
    byId("preview-corners").setAttribute("aria-pressed", String(hasCorners));
    byId("corners-hint").hidden = !hasCorners;
    const choice = this.#original.closest("label");
    const asTheyAre = this.#chosen.every(({ ready }) => ready === null);
    if (choice) choice.hidden = asTheyAre;
    byId("preview-send").disabled =
      this.#turns > 0 || this.#chosen.some(({ ready }) => ready === undefined);
    this.#stage(each, hasCorners ? each.corners : null);
    byId("preview-strip").replaceChildren(
      ...this.#chosen.map((one, i) => this.#thumb(one, i)),
      this.#more(),
    );
    this.#advise();
  }

  /**
   * Put a picture on the stage; what is there already stays, and with it the finger on a handle.
   *
   * @param {Chosen} each
   * @param {Corners|null} corners
   */
  #stage(each, corners) {
    const { file, ready, film } = each;
    const { file: there, ready: drawn, corners: shown, state } = this.#staged ?? {};
    if (file === there && ready === drawn && corners === shown && state === film?.state) return;
    this.#staged = { file, ready, corners, state: film?.state };
    const stage = byId("preview-stage");
    stage.replaceChildren(...stageOf(each));
    if (ready && corners) {
      stage.append(handles(stage, ready, corners, (set) => this.#setCorners(each, set)));
    }
  }

  /** @param {Chosen} one @param {number} i */
  #thumb({ ready, film }, i) {
    const label = t("pictureOf", { i: i + 1, n: this.#chosen.length });
    const url = ready?.url ?? film?.url;
    const inside = url
      ? element("img", { src: url, alt: "" })
      : icon(ready === null ? "file" : "waiting");
    const choose = () => {
      this.#current = i;
      this.#show();
    };
    const traits = {
      type: "button",
      "aria-label": label,
      "aria-pressed": String(i === this.#current),
      onclick: choose,
    };
    return element("button", traits, inside);
  }

  #more() {
    const traits = {
      type: "button",
      class: "more",
      "aria-label": t("addPicture"),
      onclick: () => {
        this.#replaced = null;
        this.#onMore();
      },
    };
    return element("button", traits, icon("plus"));
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    if (this.#caption.value.length > LONGEST_CAPTION) {
      this.#caption.focus();
      return;
    }
    const groups = groupsOf(this.#chosen, this.#original.checked);
    const heavy = groups.find(({ parts }) => bytesOf(parts) > largest_bytes);
    if (heavy) {
      const size = sizeInWords(bytesOf(heavy.parts));
      await tell(t("tooLargeTogether", { size, max: sizeInWords(largest_bytes) }));
      return;
    }
    for (const { as, parts } of groups) {
      if (as === "document") for (const part of parts) part.blob = await withoutMetadata(part.blob);
    }
    for (const { film } of this.#chosen) if (film) film.held = null; // it goes by its name
    this.#onSend(this.#caption.value.trim(), groups);
    this.#close();
  }
}

/**
 * @param {File} file
 * @returns {Chosen}
 */
function newlyChosen(file) {
  return { file, quarterTurns: 0, part: WHOLE, ...NOT_LOOKED_AT };
}

/** @param {File} file */
function faultOf(file) {
  const { name } = file;
  if (file.size === 0) return t("emptyFile", { name });
  if (file.size <= largest_bytes) return null;
  return t("tooLarge", { name, size: sizeInWords(file.size), max: sizeInWords(largest_bytes) });
}

/** @param {Chosen} chosen */
function stageOf({ file, ready, film }) {
  if (ready === undefined) return [element("p", { class: "preparing" }, t("preparing"))];
  const url = ready?.url ?? film?.url;
  const size = sizeInWords(file.size);
  if (url) {
    const image = element("img", { src: url, alt: t("picture") });
    return ready ? [image] : [image, element("p", { class: "preview-name" }, `${size} · ${file.name}`)];
  }
  const sign = element(
    "div",
    { class: "preview-file" },
    icon("file"),
    element("b", {}, file.name),
    element("small", {}, size),
    element("p", {}, t(film?.state === "coming" ? "smallPicture" : "unreadable")),
  );
  if (film?.state === "coming") {
    const bar = element("progress", { "aria-label": t("smallPicture") });
    showDone(bar, film.done);
    sign.append(bar);
  }
  return [sign];
}

/**
 * Show how far a file is on its way; what is done with it there takes a while that nobody knows.
 *
 * @param {HTMLElement} bar
 * @param {number} done
 */
function showDone(bar, done) {
  if (done < 1) bar.setAttribute("value", String(done));
  else bar.removeAttribute("value");
}

/** @param {Chosen[]} chosen @param {boolean} original */
function groupsOf(chosen, original) {
  /** @type {Batch} */
  const pictures = { as: "photo", parts: [] };
  /** @type {Batch} */
  const files = { as: "document", parts: [] };
  for (const { file, ready, film, corners } of chosen) {
    if (original || !ready) {
      files.parts.push({ blob: file, name: file.name, held: film?.held ?? undefined });
    }
    else {
      const { blob, width, height } = ready;
      const name = `picture-${pictures.parts.length + 1}.jpg`;
      pictures.parts.push({ blob, name, width, height, corners });
    }
  }
  return [pictures, files].filter(({ parts }) => parts.length > 0);
}

/** @param {Part[]} parts */
function bytesOf(parts) {
  return parts.reduce((sum, { blob }) => sum + blob.size, 0);
}
