/**
 * One entry of the chat: a message, or an album of messages, as it looks on the page.
 *
 * Knows a message's parts and their elements. Must not know the gateway, the order of entries or
 * scrolling. `update` touches only the parts that changed, so a growing answer does not flicker.
 */

/**
 * @import { Attachment, BubbleActions, Button, Corners, Message, OutboxState, Photo, Quote, Service,
 *   ShownMessage } from "../types.js"
 * @import { Row } from "./listed.js"
 * @import { Word } from "./strings.js"
 */

import { fileUrl, pictureBeside } from "./api.js";
import { element, icon, progressRing, webLink } from "./elements.js";
import { formatted } from "./entities.js";
import { opener, rowsOf, thumbnail, withRows } from "./listed.js";
import { REFUSED, SENDING, UNREACHED, WAITING } from "./outbox.js";
import { withSigns } from "./signs.js";
import { dayNumber, dayOf, sizeInWords, t, timeOf } from "./strings.js";
import { onSwipe } from "./swipe.js";

const PARTS = ["who", "quote", "tiles", "upload", "files", "text", "meta"];
const NARROWEST = 0.62;
const WIDEST = 1.9;
/** @type {Record<OutboxState, keyof typeof TICK_WORDS>} */
const TICKS = {
  [WAITING]: "waiting",
  [SENDING]: "waiting",
  [UNREACHED]: "failed",
  [REFUSED]: "failed",
};
const TICK_WORDS = /** @satisfies {Record<string, Word>} */ ({
  waiting: "queued",
  failed: "failed",
  sent: "sent",
  delivered: "delivered",
  reading: "inReading",
  answered: "answered",
});
/**
 * The bot's marks on what it was asked.
 *
 * @type {Record<string, keyof typeof TICK_WORDS>}
 */
const STAGES = { "👀": "reading", "👌": "answered" };

/**
 * The addresses of a message's pictures, by its client id, while this phone still has them.
 *
 * @typedef {(clientId: string|null) => string[]} Sources
 */

export class Bubble {
  /** The entry's element, day heading and buttons included. */
  element;
  /**
   * The messages it shows, oldest first.
   *
   * @type {ShownMessage[]}
   */
  messages = [];
  #actions;
  /** @type {Record<string, string>} */
  #keys = {};
  /** @type {Record<string, HTMLElement>} */
  #slots = {};
  /** @type {ReturnType<typeof progressRing>|null} */
  #ring = null;

  /** @param {BubbleActions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.element = element("div", { class: "entry" });
    this.#slots.day = this.element.appendChild(element("h2", { class: "day" }));
    this.#slots.unread = this.element.appendChild(element("h3", { class: "unread" }));
    const line = this.element.appendChild(element("div", { class: "line" }));
    this.#slots.article = line.appendChild(element("article", { class: "bubble" }));
    for (const part of PARTS) {
      this.#slots[part] = this.#slots.article.appendChild(element("div", { class: part }));
    }
    this.#slots.reply = line.appendChild(element("div", { class: "reply-slot" }));
    this.#slots.buttons = this.element.appendChild(element("div", { class: "buttons" }));
    this.#slots.trouble = this.element.appendChild(element("div", { class: "trouble" }));
    onSwipe(line, () => this.#reply());
  }

  /** Where the entry stands among the others: by its first message; unsent ones come last. */
  get order() {
    return this.messages[0].message_id ?? Infinity;
  }

  /** Whose entry it is, null for a note: entries of one author are drawn together. */
  get author() {
    const { outgoing, author } = this.#first;
    if (this.#note) return null;
    return outgoing ? t("you") : (author ?? this.#actions.botName());
  }

  get #first() {
    return this.messages[0];
  }

  get #answerable() {
    return this.messages.find((message) => message.text) ?? this.#first;
  }

  /**
   * Show these messages.
   *
   * @param {ShownMessage[]} messages
   * @param {Sources} sources
   */
  update(messages, sources) {
    if (this.messages.length > 0) this.#slots.article.setAttribute("aria-live", "off");
    this.messages = messages;
    const note = this.#note;
    this.element.className = `entry ${note ? "note" : this.#first.outgoing ? "out" : "in"}`;
    this.element.classList.toggle("protected", Boolean(this.#first.protected));
    this.element.classList.toggle("covered", Boolean(this.#first.covered));
    this.element.classList.toggle("pictured", messages.some(({ photo }) => photo));
    this.element.classList.toggle("caption-above", Boolean(this.#first.caption_above));
    this.element.dataset.id = String(this.#first.message_id ?? "");
    this.element.dataset.date = String(this.#first.date);
    if (note) this.#part("text", note, () => [note]);
    else this.#updateParts(sources);
  }

  /**
   * Stand after `previous`: show the day where it changes, and draw entries of one author together.
   *
   * @param {Bubble|null} previous
   */
  follow(previous) {
    const { date } = this.#first;
    const sameDay = previous !== null && dayNumber(date) === dayNumber(previous.messages[0].date);
    const key = sameDay ? "" : `${dayNumber(date)} seen on ${dayNumber(Date.now() / 1000)}`;
    this.#part("day", key, () => (sameDay ? [] : [dayOf(date)])); // worded only where it is shown
    const sameAuthor = this.author !== null && previous?.author === this.author;
    this.element.classList.toggle("run", sameDay && sameAuthor);
  }

  /**
   * Show the heading above the first unread message, or hide it.
   *
   * @param {boolean} unread
   */
  markUnread(unread) {
    this.#part("unread", String(unread), () => (unread ? [t("unread")] : []));
  }

  /**
   * Show how far the upload is, 0 to 1.
   *
   * @param {number} done
   */
  progress(done) {
    this.#ring?.set(done);
  }

  /** Draw the reader's eye here. */
  flash() {
    this.element.classList.remove("flash");
    void this.element.offsetWidth; // restarts the animation
    this.element.classList.add("flash");
  }

  /** Have it alone on paper. */
  print() {
    this.element.classList.add("on-paper");
    document.body.classList.add("one-on-paper");
    window.print();
    document.body.classList.remove("one-on-paper");
    this.element.classList.remove("on-paper");
  }

  /** @param {Sources} sources */
  #updateParts(sources) {
    const message = this.#answerable;
    const { local } = this.#first;
    const rows = message.buttons ? rowsOf(message.text, message.buttons) : [];
    /** @type {Record<string, [unknown, () => (Node|string)[]]>} */
    const parts = {
      who: [
        [this.author, this.#isNamed],
        () => [element("span", { class: this.#isNamed ? "author" : "sr-only" }, `${this.author}: `)],
      ],
      quote: [this.#first.reply_to, () => this.#quote(this.#first.reply_to)],
      tiles: [this.#pictures(sources), () => this.#tiles(sources)],
      upload: [this.#uploads, () => this.#upload()],
      files: [this.messages.map((each) => each.document), () => this.#files()],
      text: [[message.text, message.entities, rows], () => [this.#text(message, rows)]],
      meta: [[this.#tick(), this.#first.date, message.reaction], () => this.#meta(message)],
      buttons: [[message.buttons, rows], () => this.#buttons(message, rows)],
      trouble: [[local?.state, local?.error], () => this.#trouble()],
      reply: [message.message_id, () => this.#replyButton(message)],
    };
    for (const [name, [key, build]] of Object.entries(parts)) {
      this.#part(name, JSON.stringify(key ?? null), build);
    }
  }

  /** @param {string} name @param {string} key @param {() => (Node|string)[]} build */
  #part(name, key, build) {
    if (this.#keys[name] === key) return;
    this.#keys[name] = key;
    this.#slots[name].replaceChildren(...build());
  }

  /** The words of a note in the middle of the chat, which is nobody's message; empty for a message. */
  get #note() {
    const { outgoing, text, service } = this.#first;
    return outgoing && /^\/start\b/.test(text) ? t("joined") : serviceWords(service);
  }

  /** In a group the others' names are visible; elsewhere only screen readers say them. */
  get #isNamed() {
    return Boolean(this.#first.chat) && !this.#first.outgoing;
  }

  /** @param {ShownMessage} message @param {Row[]} rows */
  #text(message, rows) {
    const { text, entities, outgoing } = message;
    const openerOf = (/** @type {Button} */ button) => {
      const { data } = button;
      return this.#pressing(opener(button, pictureBeside(message, data)), message, data);
    };
    const { made, entities: all } = withRows(entities, rows, openerOf);
    return formatted(text, all, outgoing ? null : this.#actions.commandOf, made);
  }

  /** @param {Quote|null} quoted */
  #quote(quoted) {
    if (!quoted) return [];
    const text = quoted.text || t(quoted.photo ? "picture" : "file");
    const jump = () => this.#actions.jump(quoted.message_id);
    const traits = { type: "button", class: "quote-button", onclick: jump };
    const name = this.#first.chat ? (quoted.author ?? this.#actions.botName()) : null;
    const who = name === null ? null : element("b", { class: "author" }, name);
    const thumb = quoted.thumb_id ? thumbnail(fileUrl(quoted.thumb_id)) : null;
    return [element("button", traits, thumb, element("span", {}, who, ...withSigns(text)))];
  }

  /** @param {Sources} sources */
  #pictures(sources) {
    const own = sources(this.#first.client_id);
    const photos = this.messages.flatMap((each) => each.photo ?? []);
    const corners = this.messages.flatMap((each) => (each.photo ? [each.film_corners] : []));
    return photos.map((photo, i) => ({
      ...(own.length === photos.length ? { thumb: own[i], full: own[i] } : addressesOf(photo)),
      ratio: photo.width / photo.height || 1,
      corners: corners[i] ?? null,
    }));
  }

  /** @param {Sources} sources */
  #tiles(sources) {
    const pictures = this.#pictures(sources);
    if (pictures.length === 0) return [];
    const grid = element("div", { class: pictures.length > 1 ? "grid" : null });
    pictures.forEach((picture, i) => grid.append(this.#tile(picture, i + 1, pictures.length)));
    return [grid];
  }

  get #uploads() {
    const { local } = this.#first;
    return local?.state === SENDING && local.bytes > 0;
  }

  #upload() {
    this.#ring = null;
    if (!this.#uploads) return [];
    this.#ring = progressRing(t("sending"));
    return [this.#ring.ring];
  }

  /**
   * @param {{thumb: string, full: string, ratio: number, corners: Corners|null}} picture
   * @param {number} i
   * @param {number} n
   */
  #tile(picture, i, n) {
    const label = n > 1 ? t("pictureOf", { i, n }) : t("picture");
    const image = element("img", { src: picture.thumb, alt: label, decoding: "async" });
    const isProtected = Boolean(this.#first.protected);
    const show = () => this.#actions.show(picture.full, label, isProtected, picture.corners);
    const tile = element("button", { type: "button", class: "tile", onclick: show }, image);
    tile.style.aspectRatio =
      n > 1 ? "1" : String(Math.min(WIDEST, Math.max(NARROWEST, picture.ratio)));
    return tile;
  }

  #files() {
    return this.messages.flatMap((each) =>
      each.document ? fileLink(each.document, Boolean(each.protected)) : [],
    );
  }

  #tick() {
    const { local } = this.#first;
    if (!this.#first.outgoing) return null;
    if (local) return TICKS[local.state];
    const stage = this.messages.map(({ reaction }) => STAGES[reaction ?? ""]).find(Boolean);
    if (stage) return stage;
    return this.messages.every((each) => each.state === "delivered") ? "delivered" : "sent";
  }

  /** @param {ShownMessage} message */
  #meta(message) {
    const tick = this.#tick();
    const date = new Date(this.#first.date * 1000);
    const { reaction } = message;
    return [
      reaction && !STAGES[reaction] ? element("span", { class: "reaction" }, reaction) : null,
      element("time", { datetime: date.toISOString() }, timeOf(this.#first.date)),
      tick && element("span", { class: `tick ${tick}` }, icon(tick)),
      tick && element("span", { class: "sr-only" }, t(TICK_WORDS[tick])),
    ].filter((part) => part !== null);
  }

  /** @param {ShownMessage} message @param {Row[]} rows */
  #buttons(message, rows) {
    const inRows = new Set(rows.map(({ button }) => button));
    const left = (message.buttons ?? []).map((row) => row.filter((each) => !inRows.has(each)));
    return left
      .filter((row) => row.length > 0)
      .map((row) =>
        element("div", { class: "button-row" }, ...row.map((each) => this.#button(message, each))),
      );
  }

  /** @param {ShownMessage} message @param {Button} button */
  #button(message, { text, data, url, style, disabled = false }) {
    const traits = { class: style ? `inline-button ${style}` : "inline-button" };
    const link = url ? webLink(url, traits, ...withSigns(text)) : null;
    if (link) return link;
    const button = element("button", { ...traits, type: "button" }, ...withSigns(text));
    button.disabled = disabled;
    return this.#pressing(button, message, data);
  }

  /** @param {HTMLButtonElement} button @param {ShownMessage} message @param {string} data */
  #pressing(button, message, data) {
    const sent = /** @type {Message} */ (message); // the bot's own: it is no message on its way
    button.addEventListener("click", () => this.#actions.press(sent, data, button));
    return button;
  }

  /** @param {ShownMessage} message */
  #replyButton(message) {
    if (!message.message_id) return [];
    const traits = {
      type: "button",
      class: "reply-button",
      "aria-label": t("reply"),
      onclick: () => this.#reply(),
    };
    return [element("button", traits, icon("reply"))];
  }

  #reply() {
    const message = this.#answerable;
    if (message.message_id) this.#actions.reply(/** @type {Message} */ (message));
  }

  #trouble() {
    const { local, client_id: clientId } = this.#first;
    if (!clientId || (local?.state !== UNREACHED && local?.state !== REFUSED)) return [];
    const retry = () => this.#actions.retry(clientId);
    const edit = () => this.#actions.edit(clientId);
    const discard = () => this.#actions.discard(clientId);
    const words = local.error ? element("p", {}, local.error) : null;
    const wait = local.state === UNREACHED ? t("notSentYet") : t("notSent");
    const again = local.error ? t("retry") : wait;
    return [
      element(
        "div",
        { class: "trouble-words" },
        words,
        element("button", { type: "button", class: "retry", onclick: retry }, again),
      ),
      element(
        "button",
        { type: "button", class: "icon-button", "aria-label": t("edit"), onclick: edit },
        icon("pen"),
      ),
      element(
        "button",
        { type: "button", class: "icon-button", "aria-label": t("delete"), onclick: discard },
        icon("bin"),
      ),
    ];
  }
}

/** @param {Photo} photo */
function addressesOf(photo) {
  if (photo.url !== undefined) return { thumb: photo.url, full: photo.url };
  return { thumb: fileUrl(photo.thumb_id), full: fileUrl(photo.file_id) };
}

/**
 * What a chat tells of itself: who came and who left, that something was pinned.
 *
 * @param {Service|null|undefined} service
 */
function serviceWords(service) {
  const { new_chat_members: came, left_chat_member: left, pinned_message: pinned } = service ?? {};
  if (pinned) return t("messagePinned");
  if (left) return t("memberLeft", { names: left.first_name });
  return came ? t("membersCame", { names: came.map((each) => each.first_name).join(", ") }) : "";
}

/** @param {Attachment} file @param {boolean} isProtected */
function fileLink(file, isProtected) {
  const name = file.file_name ?? t("file");
  const size = file.file_size ? sizeInWords(file.file_size) : "";
  const words = element(
    "span",
    { class: "file-words" },
    element("b", {}, name),
    element("small", {}, size),
  );
  if (isProtected) words.append(element("small", {}, t("protectedFile")));
  const sign = icon("file");
  const film = file.thumb_id ? filmOf(fileUrl(file.thumb_id), sign) : sign;
  const look = { class: file.thumb_id ? "file filmed" : "file" };
  if (!file.file_id || isProtected) return element("div", look, film, words);
  const traits = {
    ...look,
    href: fileUrl(file.file_id),
    download: name,
    "aria-label": t("openFile", { name }),
  };
  return element("a", traits, film, words);
}

/**
 * The small picture of a file; `sign` in its place where it is gone.
 *
 * @param {string} url
 * @param {Element} sign
 */
function filmOf(url, sign) {
  const traits = { class: "file-film", alt: "", loading: "lazy", decoding: "async" };
  const image = element("img", { ...traits, onerror: () => image.replaceWith(sign) });
  image.src = url; // after `loading`, or some browsers fetch it at once
  return image;
}
