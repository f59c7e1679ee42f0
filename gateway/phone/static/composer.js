/** The field for the next message: text, a reply's quote, camera and files. Knows no gateway. */

/** @import { Message } from "../types.js" */

import { toast } from "./dialogs.js";
import { byId } from "./elements.js";
import { canShare, copyText, share } from "./sharing.js";
import { withSigns } from "./signs.js";
import { t } from "./strings.js";

const LONGEST_TEXT = 4096;
const TALLEST_PX = 140;
const TALLEST_HINT_PX = 80; // two lines

export class Composer {
  #form = byId("composer");
  #text = byId("text");
  /** @type {Message|null} */
  #replyTo = null;
  #hint = t("message");
  /** @type {string|null} */
  #wanted = null;
  /** @type {string|null} */
  #asked = null;
  #onText;

  /**
   * @param {(text: string) => void} onText A text to send.
   * @param {(files: File[]) => void} onFiles Pictures or files were chosen.
   * @param {(message: Message) => void} onPrint A message is wanted on paper.
   * @param {(message: Message, edit: boolean) => void} onTakeBack One's own message shall be deleted,
   *   or written anew.
   */
  constructor(onText, onFiles, onPrint, onTakeBack) {
    this.#onText = onText;
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#text.addEventListener("input", () => this.#fit());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    byId("reply-cancel").addEventListener("click", () => this.replyTo(null));
    byId("reply-copy").addEventListener("click", () => this.#copy());
    byId("reply-share").addEventListener("click", () => this.#share());
    byId("reply-print").addEventListener("click", () => this.#replyTo && onPrint(this.#replyTo));
    byId("reply-edit").addEventListener("click", () => this.#takeBack(onTakeBack, true));
    byId("reply-delete").addEventListener("click", () => this.#takeBack(onTakeBack, false));
    for (const input of [byId("camera-input"), byId("file-input")]) {
      input.addEventListener("change", () => {
        onFiles([...(input.files ?? [])]);
        input.value = ""; // the same file may be chosen again
      });
    }
    this.#takeDropped(onFiles);
    addEventListener("resize", () => this.#showHint());
  }

  /** The message the next one replies to; taking it ends the reply. */
  takeReply() {
    const taken = this.#replyTo;
    this.replyTo(null);
    return taken;
  }

  /**
   * Show in the empty field to whom one writes.
   *
   * @param {string} words
   */
  set hint(words) {
    this.#hint = words;
    this.#showHint();
  }

  /**
   * Show there what the bot's buttons ask for; null for nothing.
   *
   * @param {string|null} words
   */
  set wanted(words) {
    this.#wanted = words;
    this.#showHint();
  }

  /**
   * Put a text back into the field, before what was begun there.
   *
   * @param {string} text
   * @param {Message|null} replyTo What it answers.
   */
  takeBack(text, replyTo) {
    this.#text.value = [text, this.#text.value].filter(Boolean).join("\n");
    if (replyTo) this.replyTo(replyTo);
    this.#fit();
    this.#text.focus();
  }

  /**
   * Go on with the draft of another chat; gives what was begun in this one.
   *
   * @param {string} text
   */
  swapDraft(text) {
    const begun = this.#text.value;
    this.#text.value = text;
    this.replyTo(null);
    this.#fit();
    return begun;
  }

  /**
   * Reply to `message` next, null for none; an empty field shows `placeholder` meanwhile.
   *
   * @param {Message|null} message
   * @param {string|null} placeholder
   */
  replyTo(message, placeholder = null) {
    this.#replyTo = message;
    this.#asked = placeholder;
    this.#showHint();
    byId("reply-bar").hidden = message === null;
    if (message === null) return;
    const words = message.text || t(message.photo ? "picture" : "file");
    byId("reply-text").replaceChildren(...withSigns(words));
    byId("reply-copy").hidden = !message.text || Boolean(message.protected);
    byId("reply-share").hidden = !canShare(message);
    const isOwn = message.outgoing && message.chat === null;
    const isUnread = isOwn && message.state === "sent";
    byId("reply-print").hidden = Boolean(message.protected) || isUnread;
    byId("reply-edit").hidden = !isUnread;
    byId("reply-delete").hidden = !isOwn;
    this.#text.focus();
  }

  /** @param {(message: Message, edit: boolean) => void} onTakeBack @param {boolean} edit */
  #takeBack(onTakeBack, edit) {
    const message = this.#replyTo;
    this.replyTo(null);
    if (message) onTakeBack(message, edit);
  }

  #copy() {
    if (!this.#replyTo) return;
    copyText(this.#replyTo.text);
    toast(t("copied"));
    this.replyTo(null);
  }

  async #share() {
    const message = this.#replyTo;
    if (!message) return;
    this.replyTo(null);
    if (!(await share(message))) toast(t("notShared"));
  }

  /** What is asked for is shown in full; the recipient, whom the title names too, where it fits. */
  #showHint() {
    const wanted = this.#asked ?? this.#wanted;
    this.#text.placeholder = wanted ?? this.#hint;
    this.#fit();
    if (wanted !== null || this.#text.value || this.#text.scrollHeight <= TALLEST_HINT_PX) return;
    this.#text.placeholder = t("message");
    this.#fit();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (!text || this.#excess() > 0) return;
    this.#text.value = "";
    this.#fit();
    this.#text.focus();
    this.#onText(text);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const typing = event.isComposing || event.shiftKey;
    if (event.key === "Escape") this.replyTo(null);
    if (event.key !== "Enter" || typing || !matchMedia("(pointer: fine)").matches) return;
    event.preventDefault(); // on a phone, Enter is a new line
    this.#form.requestSubmit();
  }

  #excess() {
    return this.#text.value.trim().length - LONGEST_TEXT;
  }

  #fit() {
    const writing = this.#text.value.trim() !== "";
    byId("send").hidden = !writing;
    byId("camera").hidden = writing;
    const excess = this.#excess();
    byId("composer-error").textContent = excess > 0 ? t("messageTooLong", { n: excess }) : "";
    this.#text.style.height = "auto";
    const borders_px = this.#text.offsetHeight - this.#text.clientHeight;
    this.#text.style.height = `${Math.min(TALLEST_PX, this.#text.scrollHeight + borders_px)}px`;
  }

  /** @param {(files: File[]) => void} onFiles */
  #takeDropped(onFiles) {
    /** @param {Event} event @param {FileList|undefined} files */
    const take = (event, files) => {
      if (!files?.length) return;
      event.preventDefault();
      onFiles([...files]);
    };
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => take(event, event.dataTransfer?.files));
    addEventListener("paste", (event) => take(event, event.clipboardData?.files));
  }
}
