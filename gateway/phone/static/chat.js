/** The chat page: joins the timeline, the composer, the outbox and the gateway's events. */

/**
 * @import { Alarm, EventData, FetchedPage, HistoryPage, Message, OfferedKeyboard, Range,
 *   ShownMessage } from "../types.js"
 */

import { AlarmBanner } from "./alarm.js";
import * as api from "./api.js";
import { closeDialogsOnBack } from "./back.js";
import { Chats } from "./chats.js";
import { Composer } from "./composer.js";
import { showConnection } from "./connection.js";
import { showDayOf } from "./day-pill.js";
import { ask, sentenceOf, tell, toast } from "./dialogs.js";
import { byId, element, keepDrawings, within } from "./elements.js";
import { Events } from "./events.js";
import { History } from "./history.js";
import { Keyboard } from "./keyboard.js";
import { takeKeys } from "./keys.js";
import { lock, noteLock, setUpLock } from "./lock.js";
import { fillMenu, setUpMenu } from "./menu.js";
import { News } from "./news.js";
import { Outbox, randomId } from "./outbox.js";
import { pendingMessages, urlsOf } from "./pending.js";
import { Pinned } from "./pinned.js";
import { Preview } from "./preview.js";
import { offerSamples } from "./samples.js";
import { speak, t, translatePage } from "./strings.js";
import { Timeline } from "./timeline.js";
import { showPicture } from "./viewer.js";

const NEAR_TOP_PX = 400;
const TOLD_CHARS = 120; // of a message in a chat that is not open
const TYPING_MS = 6_000;
const ANSWER_MS = 12_000;
const CAPTION_LEFT_S = 600; // after which it is too likely another patient
const UNFINISHED = new Set(["preview", "cropper", "question"]); // dialogs that hold what was begun

const WIDE = matchMedia("(min-width: 1100px)"); // as in beside.css

const log = byId("log");
/** @type {Map<number|null, string>} what was begun in chats that are not open */
const drafts = new Map();
/** @type {Set<Set<number>>} of each page that is being fetched, the ids deleted meanwhile */
const underWay = new Set();
let begun = false; // whether the newest page is shown: what comes now is new
/** @type {number|null} the message to which a reply was begun because it asks for one */
let asked = null;
/** @type {ReturnType<typeof setTimeout>|undefined} */
let typingTimer;
/** @type {import("./beside.js").Beside|undefined} where the list stays that a case was opened from */
let beside;
/** @type {Promise<import("./beside.js").Beside>|undefined} */
let coming;

/** @type {import("../types.js").BubbleActions} */
const actions = {
  reply: (message) => composer.replyTo(message),
  show: (url, label, isProtected, corners) =>
    showPicture(url, label, isProtected, corners, seenIn),
  jump: (messageId) => history.reach(messageId),
  press: (message, data, button) => {
    keepBeside(message, data).catch(() => (coming = undefined)); // the case opens without it
    press(message, data, button);
  },
  commandOf,
  botName: () => chats.titleOf(null),
  retry: (clientId) => outbox.retry(clientId),
  edit,
  discard,
};
const timeline = new Timeline(log, byId("entries"), actions);
const history = new History(timeline, fetchPage, showOlder);
const chats = new Chats(openChat);
const pinned = new Pinned((messageId) => history.reach(messageId));
const keyboard = new Keyboard(sendText, (words) => (composer.wanted = words));
const news = new News(timeline);
const alarmBanner = new AlarmBanner(pressAlarm);
const composer = new Composer(
  sendText,
  (files) => preview.add(files),
  (message) => timeline.print(message.message_id),
  takeBack,
);
const preview = new Preview(
  sendPictures,
  () => byId("file-input").click(),
  { look: seenIn, hold, letGo: (name) => void api.letGo(name).catch(() => null) },
  () => byId("camera-input").click(),
  captionLeft,
);
const outbox = new Outbox({
  changed: showPending,
  progress: (clientId, done) => timeline.progress(clientId, done),
  sent: (messages) => {
    if (isOpen(messages[0])) timeline.merge(messages);
    news.show();
    showPending();
  },
  sessionEnded,
  locked: lock,
});
const events = new Events({
  event: (kind, data) => HEARD[kind](data),
  open: connected,
  lost: () => showConnection("lost"),
  probe,
});

/** @type {{[Kind in keyof EventData]: (data: EventData[Kind]) => unknown}} */
const HEARD = {
  message: (message) => (isOpen(message) ? follow(message) : tellOf(message)),
  edited: (message) => isOpen(message) && changed([message.message_id], () => follow(message)),
  deleted: ({ message_ids: ids }) => {
    for (const gone of underWay) for (const id of ids) gone.add(id);
    beside?.remove(ids);
    changed(ids, () => timeline.remove(ids));
  },
  pinned: ({ chat_id: id }) => (id ?? null) === chats.open && probe().catch(() => null),
  action: ({ chat_id: id }) => (id ?? null) === chats.open && showTyping(true),
  alarms: ({ alarms }) => alarmBanner.show(alarms),
  answer: answered,
  state: ({ message_ids: ids, state }) => timeline.setState(ids, state),
  commands: () => probe().catch(() => null), // the next one will show it
  chats: () => probe().catch(() => null),
  language: ({ language_code: code }) => speak(code),
  locked: lock,
};

async function connected() {
  await look();
  showConnection("open");
  outbox.flush();
}

/** Fetch the newest page of the open chat. */
async function look() {
  const { open } = chats;
  const known = timeline.ids;
  const page = await fetchPage({});
  if (open !== chats.open) return; // the reader went to another chat, which fetches its own page
  introduce(page);
  if (begun) {
    receive(page.messages, () => timeline.replace(known, page.messages));
  } else {
    timeline.merge(page.messages);
    history.begin(page);
    news.begin(open);
    begun = true;
  }
  offerKeyboard(page.keyboard);
  showPending();
}

/**
 * A page of the open chat, without the messages that were deleted meanwhile.
 *
 * @param {Range} range
 * @returns {Promise<FetchedPage>}
 */
async function fetchPage(range) {
  const { open } = chats;
  /** @type {Set<number>} */
  const gone = new Set();
  underWay.add(gone);
  try {
    const page = await checked(api.messages({ ...chats.range, ...range }));
    const messages = page.messages.filter((each) => !gone.has(each.message_id));
    return { ...page, messages, fetched: page.messages.length };
  } catch (error) {
    const isGone = error instanceof api.Refused && open !== null && open === chats.open;
    if (isGone) chats.go(null); // no longer in that group
    throw error;
  } finally {
    underWay.delete(gone);
  }
}

/**
 * Another chat is open.
 *
 * @param {number|null} left
 */
function openChat(left) {
  begun = false;
  beside?.close();
  timeline.clear();
  drafts.set(left, composer.swapDraft(drafts.get(chats.open) ?? ""));
  keyboard.show(null);
  pinned.show(null);
  showTyping(false);
  look().catch(() => events.restart());
}

/** @param {ShownMessage} message */
function isOpen(message) {
  return (message.chat?.chat_id ?? null) === chats.open;
}

/**
 * Messages changed or are gone; what is pinned may be one of them.
 *
 * @param {number[]} ids
 * @param {() => void} take
 */
function changed(ids, take) {
  take();
  if (pinned.isAmong(ids)) probe().catch(() => null);
}

/** @param {Message} message */
function follow(message) {
  receive([message], () => timeline.follow([message]));
}

/**
 * Something came in a chat that is not open.
 *
 * @param {Message} message
 */
function tellOf({ chat, text, photo, outgoing, service }) {
  if (outgoing) return;
  const id = chat?.chat_id ?? null;
  chats.mark(id);
  const words = text.slice(0, TOLD_CHARS) || t(photo ? "picture" : "file");
  if (!service) toast(`${chat?.title ?? chats.titleOf(null)}: ${words}`);
}

/**
 * Show who is here and what is offered.
 *
 * @param {HistoryPage} page
 */
function introduce({ bot, me, pin, samples, board, alarms, chats: groups, pinned: above }) {
  chats.update(bot.name, groups);
  const name = chats.titleOf(chats.open);
  composer.hint = chats.open === null ? t("message") : t("messageTo", { name });
  pinned.show(above);
  fillMenu(bot, me);
  noteLock(pin);
  speak(me.language_code);
  byId("open-board").hidden = !board;
  alarmBanner.show(alarms);
  for (const offer of document.querySelectorAll("[data-action=samples]")) {
    offer.toggleAttribute("hidden", !samples);
  }
}

/** Whether this page has the newest message. Takes note of what the bot offers now. */
async function probe() {
  const newest = timeline.ids.at(-1) ?? 0;
  const page = await fetchPage({ after: newest, limit: 1 });
  introduce(page);
  return page.messages.length === 0;
}

/** @param {Message[]} messages @param {() => void} take */
function receive(messages, take) {
  const newest = timeline.ids.at(-1) ?? 0;
  const { atEnd } = timeline;
  const incoming = messages.filter(({ outgoing }) => !outgoing);
  const fresh = incoming.filter((each) => each.message_id > newest);
  const leads = incoming.length > 0 && news.leads(fresh.length > 0);
  const inView = timeline.firstInView(answersWith(messages.at(-1)));
  if (fresh.length > 0) showTyping(false);
  take();
  beside?.update(messages);
  showWelcome();
  if (leads) timeline.toEnd();
  const seen = atEnd || leads;
  if (seen) timeline.readFrom(inView ?? fresh[0]?.message_id); // an answer is read from its top
  if (fresh.length === 0) return;
  for (const { keyboard: offered, message_id: id } of fresh) {
    if (offered) offerKeyboard({ ...offered, message_id: id });
  }
  news.add(fresh, seen);
}

/**
 * Which messages are read as one with this one: what else answers the same, an answer and its
 * marked film; and what else came at once for what was asked, a case in several messages.
 *
 * @param {Message|undefined} message
 * @returns {(each: Message) => boolean}
 */
function answersWith(message) {
  const about = message?.reply_to?.message_id;
  return ({ outgoing, reply_to: to, message_id: id }) =>
    !outgoing && (news.awaits(id) || (about !== undefined && to?.message_id === about));
}

/**
 * Offer a message's buttons, or begin the reply that it asks for, unless something was said since.
 *
 * @param {OfferedKeyboard|null} offered
 */
function offerKeyboard(offered) {
  keyboard.show(offered);
  if (!offered?.force_reply || asked === offered.message_id) return;
  const since = timeline.messages.filter((each) => each.message_id >= offered.message_id);
  if (since.length === 0 || since.some(({ outgoing }) => outgoing)) return;
  asked = offered.message_id;
  composer.replyTo(since[0], offered.placeholder);
}

/**
 * @template T
 * @param {Promise<T>} call
 */
async function checked(call) {
  try {
    return await call;
  } catch (error) {
    if (error instanceof api.SessionEnded) sessionEnded();
    if (error instanceof api.Locked) lock();
    throw error;
  }
}

function sessionEnded() {
  events.stop();
  location.replace("/join?ended");
}

/** @param {string} text */
function sendText(text) {
  news.asked();
  timeline.toEnd();
  const replyTo = composer.takeReply();
  outbox.add({ text, as: "photo", chat: chats.open, replyTo, parts: [] });
}

/** @param {string} code */
async function chooseLanguage(code) {
  try {
    await checked(api.chooseLanguage(code));
    speak(code);
  } catch (error) {
    toast(sentenceOf(error));
  }
}

/**
 * A command of the menu is for the bot alone.
 *
 * @param {string} command
 */
function sendCommand(command) {
  chats.go(null);
  sendText(command);
}

/** @param {string} caption @param {import("./preview.js").Batch[]} groups */
async function sendPictures(caption, groups) {
  news.asked();
  timeline.toEnd();
  const replyTo = composer.takeReply();
  const chat = chats.open;
  for (const [i, { as, parts }] of groups.entries()) {
    await outbox.add({ text: i === 0 ? caption : "", as, chat, replyTo, parts });
  }
}

/**
 * The caption of a file that came to nothing: what one sent last, which the bot has answered and does
 * not read, without a button under its answer.
 */
function captionLeft() {
  const { messages } = timeline;
  const own = messages.filter(({ outgoing }) => outgoing).at(-1);
  if (!own?.document || own.reaction || Date.now() / 1000 - own.date > CAPTION_LEFT_S) return "";
  const answers = messages.filter(({ reply_to: to }) => to?.message_id === own.message_id);
  const isRefused = answers.length > 0 && answers.every(({ buttons }) => !buttons?.length);
  return isRefused ? own.text : "";
}

/** @param {Blob} picture */
async function seenIn(picture) {
  try {
    return await checked(api.look(picture));
  } catch {
    return null; // it is sent without a look
  }
}

/**
 * Have the small picture made of a file that is not sent yet.
 *
 * @type {import("./film-files.js").Hold}
 */
async function hold(file, fileName, onProgress, signal) {
  const name = randomId();
  return { name, picture: await checked(api.hold(name, file, fileName, onProgress, signal)) };
}

/**
 * Open a message that is not sent yet where it was written.
 *
 * @param {string} clientId
 */
async function edit(clientId) {
  const item = await outbox.take(clientId);
  if (!item) return;
  const files = item.parts.map(({ blob, name }) => new File([blob], name, { type: blob.type }));
  if (files.length > 0) preview.add(files, item.text);
  else composer.takeBack(item.text, item.replyTo);
}

/**
 * Delete one's own message for everyone, or write it anew, where nobody has read it yet.
 *
 * @param {Message} message
 * @param {boolean} isEdited
 */
async function takeBack(message, isEdited) {
  const id = message.message_id;
  const isRead = timeline.messages.some((each) => each.message_id === id && each.state !== "sent");
  if (isRead) return sayItIsRead(id);
  if (!isEdited && !(await ask(t("deleteQuestion"), t("delete"), t("keep")))) return undefined;
  try {
    const parts = timeline.messages.filter((each) => each.client_id === message.client_id);
    const files = isEdited ? await Promise.all(parts.filter(fileIdOf).map(fileOf)) : [];
    await checked(api.takeBack(id));
    if (!isEdited) return undefined;
    const text = parts.map((each) => each.text).join("");
    return files.length > 0 ? preview.add(files, text) : composer.takeBack(text, null);
  } catch (error) {
    return error instanceof api.Refused ? sayItIsRead(id) : toast(sentenceOf(error));
  }
}

/**
 * A message that was read stays in the record; what can be done is under the answer to it.
 *
 * @param {number} messageId
 */
async function sayItIsRead(messageId) {
  const answers = timeline.messages.filter(({ reply_to: to }) => to?.message_id === messageId);
  const answer = answers.at(-1);
  if (answer === undefined) await tell(t("isRead"));
  else if (await ask(t("isRead"), t("showAnswer"), t("ok"))) await history.reach(answer.message_id);
}

/** @param {Message} message */
function fileIdOf({ photo, document }) {
  return photo ? "file_id" in photo && photo.file_id : document?.file_id;
}

/**
 * The file that a message holds, as it was sent.
 *
 * @param {Message} message
 */
async function fileOf(message) {
  const blob = await api.file(api.fileUrl(fileIdOf(message) || ""));
  const name = message.document?.file_name ?? "picture.jpg";
  return new File([blob], name, { type: message.document?.mime_type ?? blob.type });
}

/** @param {string} clientId */
async function discard(clientId) {
  if (await ask(t("discardQuestion"), t("discard"), t("keep"))) outbox.discard(clientId);
}

async function leaveIfSure() {
  if (await ask(t("leaveQuestion"), t("leave"), t("cancel"))) leave();
}

async function leave() {
  events.stop(); // its stream ends with the session: else the page would leave before all is wiped
  try {
    await checked(api.leave());
    await outbox.wipe();
    news.forget();
    sessionStorage.clear();
    location.replace("/join");
  } catch (error) {
    events.resume();
    toast(sentenceOf(error));
  }
}

/**
 * What stands around a command inside a text, and sends it on a tap.
 *
 * @param {string} command
 */
function commandOf(command) {
  return element("button", { type: "button", class: "command", onclick: () => sendText(command) });
}

/**
 * Keep a list beside the case that is opened from it, where the screen is wide.
 *
 * @param {Message} message
 * @param {string} data
 */
async function keepBeside(message, data) {
  const pressed = (message.buttons ?? []).flat().find((button) => button.data === data);
  if (!pressed?.pictured || !WIDE.matches) return;
  timeline.toEnd(); // the case comes there
  coming ??= import("./beside.js").then(({ openBeside }) => openBeside(actions));
  beside = await coming;
  if (isOpen(message)) beside.keep(message, data);
}

/**
 * Take an alarm, or open its case: what lies over the chat is closed, unless something is being made there.
 *
 * @param {Alarm} alarm
 * @param {string} data
 * @param {HTMLButtonElement} button
 */
async function pressAlarm(alarm, data, button) {
  /** @type {NodeListOf<HTMLDialogElement>} */
  const open = document.querySelectorAll("dialog[open]");
  if (![...open].some(({ id }) => UNFINISHED.has(id))) for (const each of open) each.close();
  chats.go(null);
  await press(alarm, data, button);
}

/**
 * @param {Pick<Message, "message_id"> & Partial<Pick<Message, "chat">>} message
 * @param {string} data
 * @param {HTMLButtonElement} button
 */
async function press(message, data, button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  news.asked();
  setTimeout(() => button.removeAttribute("aria-busy"), ANSWER_MS);
  try {
    await checked(api.press(message.message_id, data, message.chat?.chat_id));
  } catch (error) {
    button.removeAttribute("aria-busy");
    toast(sentenceOf(error, "answerFailed"));
  }
}

/** @param {EventData["answer"]} answer */
function answered({ text, alert }) {
  const places = ["#log", "#beside", "#alarm"].map((place) => `${place} [aria-busy=true]`);
  const waiting = document.querySelectorAll(places.join());
  for (const busy of waiting) busy.removeAttribute("aria-busy");
  if (text) (alert ? tell : toast)(text);
}

function showPending() {
  const here = outbox.items.filter((item) => (item.chat ?? null) === chats.open);
  const pending = new Map(here.map((item) => [item.clientId, pendingMessages(item)]));
  timeline.setPending(pending, urlsOf);
  showWelcome();
}

/** Offer the first picture until anything was sent, but not over a question that waits for a tap. */
function showWelcome() {
  const { messages } = timeline;
  const sent = messages.some((each) => each.outgoing && !/^\/start\b/.test(each.text));
  const waits = (messages.at(-1)?.buttons ?? []).length > 0;
  const own = chats.open === null && outbox.items.length === 0;
  byId("welcome").hidden = !own || !history.complete || sent || waits;
}

/**
 * A page was loaded; `complete` where nothing is before it.
 *
 * @param {boolean} complete
 */
function showOlder(complete) {
  byId("older").hidden = complete;
  if (begun) news.extend();
}

/** @param {boolean} on */
function showTyping(on) {
  const { atEnd } = timeline;
  clearTimeout(typingTimer);
  byId("typing").hidden = !on;
  if (on) typingTimer = setTimeout(() => showTyping(false), TYPING_MS);
  if (atEnd) timeline.toEnd();
}

function setUpActions() {
  /** @type {Record<string, () => void>} */
  const open = {
    camera: () => byId("camera-input").click(),
    files: () => byId("file-input").click(),
    samples: () => offerSamples((film, caption) => preview.add([film], caption)),
    signIns: () =>
      import("./sign-ins.js").then(
        ({ showSignIns }) => showSignIns(leaveIfSure),
        () => toast(t("unreachable")),
      ),
  };
  document.addEventListener("click", ({ target }) => {
    open[within(target, "[data-action]")?.dataset.action ?? ""]?.();
  });
  for (const taking of ["contextmenu", "copy", "dragstart"]) {
    document.addEventListener(taking, (event) => {
      if (within(event.target, ".protected")) event.preventDefault();
    });
  }
  const scrolled = () => begun && log.scrollTop < NEAR_TOP_PX && history.load();
  log.addEventListener("scroll", scrolled, { passive: true });
  showDayOf(log);
}

/** Reply to the newest message that is not one's own. */
function replyToNewest() {
  const newest = timeline.messages.filter(({ outgoing }) => !outgoing).at(-1);
  if (newest) composer.replyTo(newest);
}

translatePage();
keepDrawings();
takeKeys({
  "/": () => byId("text").focus(),
  f: () => byId("file-input").click(),
  l: () => beside?.focus(),
  m: () => byId("open-menu").click(),
  n: () => timeline.toEnd(),
  r: replyToNewest,
});
setUpMenu({ refresh: probe, command: sendCommand, language: chooseLanguage, leave });
setUpLock(sessionEnded, () => events.restart());
setUpActions();
closeDialogsOnBack();
await outbox.open();
events.restart();
