/** The chat page: joins the timeline, the composer, the outbox and the gateway's events. */

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { ask, tell, toast } from "./dialogs.js";
import { byId, element } from "./elements.js";
import { Events } from "./events.js";
import { fillMenu, setUpMenu } from "./menu.js";
import { Outbox } from "./outbox.js";
import { Preview } from "./preview.js";
import { offerSamples } from "./samples.js";
import { t, translatePage } from "./strings.js";
import { Timeline } from "./timeline.js";
import { showPicture } from "./viewer.js";

const FIRST_PAGE = 100; // what the gateway gives when not told how many
const PAGE = 50;
const NEAR_TOP_PX = 400;
const TYPING_MS = 6_000;
const ANSWER_MS = 12_000;
const SLOW_CONNECTION_MS = 1_500;

const log = byId("log");
const urls = new Map(); // addresses of this phone's own pictures, by client id
let commands = new Set();
let samplesOffered = false;
let allLoaded = false;
let loadingOlder = false;
let settled = false; // the first page stands: what comes now is new
let unread = 0;
let typingTimer = null;
let offlineTimer = null;

const actions = {
  reply: (message) => composer.replyTo(message),
  show: showPicture,
  jump: async (messageId) => {
    while (!timeline.reveal(messageId) && !allLoaded) await loadOlder();
  },
  press,
  commandOf: (command) =>
    commands.has(command.slice(1))
      ? element("button", { type: "button", class: "command", onclick: () => sendText(command) }, command)
      : null,
  retry: (clientId) => outbox.retry(clientId),
  discard: async (clientId) => {
    if (await ask(t("discardQuestion"), t("discard"), t("keep"))) outbox.discard(clientId);
  },
};

const timeline = new Timeline(log, byId("entries"), actions, arrived);
const composer = new Composer(sendText, (files) => preview.add(files));
const preview = new Preview(sendPictures, () => byId("file-input").click());
const outbox = new Outbox({
  changed: showPending,
  progress: (clientId, done) => timeline.progress(clientId, done),
  sent: (clientId, answer) => {
    timeline.merge(answer.messages);
    showPending();
  },
  sessionEnded,
});
const events = new Events({
  event: (kind, data) => HEARD[kind](data),
  open: connected,
  lost: () => showConnection("lost"),
  probe: async () => {
    const newest = timeline.ids.at(-1) ?? 0;
    const { messages } = await guarded(api.messages({ after: newest, limit: 1 }));
    return messages.length === 0;
  },
});

const HEARD = {
  message: (message) => {
    const { atEnd } = timeline;
    if (!message.outgoing) showTyping(false);
    timeline.merge([message]);
    if (atEnd && !message.outgoing) timeline.readFromStart(message.message_id);
    showWelcome();
  },
  edited: (message) => {
    timeline.merge([message]);
    showWelcome();
  },
  deleted: ({ message_ids: ids }) => timeline.remove(ids),
  action: () => showTyping(true),
  answer: ({ text, alert }) => {
    settleButtons();
    if (text) (alert ? tell : toast)(text);
  },
  state: ({ message_ids: ids, state }) => timeline.setState(ids, state),
};

function sendText(text) {
  timeline.toEnd();
  outbox.add({ text, as: "photo", replyTo: composer.takeReply(), parts: [] });
}

async function sendPictures(caption, groups) {
  timeline.toEnd();
  const replyTo = composer.takeReply();
  for (const [i, { as, parts }] of groups.entries()) {
    await outbox.add({ text: i === 0 ? caption : "", as, replyTo, parts });
  }
}

async function press(message, data, button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  setTimeout(() => button.removeAttribute("aria-busy"), ANSWER_MS);
  try {
    await guarded(api.press(message.message_id, data));
  } catch (error) {
    button.removeAttribute("aria-busy");
    toast(error.message || t("answerFailed"));
  }
}

function settleButtons() {
  for (const button of log.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
}

async function connected() {
  const page = await guarded(api.messages());
  samplesOffered = page.samples;
  commands = new Set(page.bot.commands.map(({ command }) => command));
  byId("bot-name").textContent = page.bot.name;
  fillMenu(page.bot, page.me);
  for (const button of document.querySelectorAll("[data-action=samples]")) button.hidden = !samplesOffered;
  timeline.replaceFrom(page.messages);
  if (!settled) showAllLoaded(page.messages.length < FIRST_PAGE);
  settled = true;
  showPending();
  showWelcome();
  showConnection("open");
  outbox.flush();
}

async function loadOlder() {
  if (loadingOlder || allLoaded || !settled) return;
  loadingOlder = true;
  try {
    const before = timeline.ids[0] ?? 0;
    const { messages } = await guarded(api.messages({ before, limit: PAGE }));
    settled = false; // what is old is not news
    timeline.prepend(messages);
    showAllLoaded(messages.length === 0);
  } catch {
    showConnection("lost"); // scrolling up again tries again
  } finally {
    settled = true;
    loadingOlder = false;
  }
}

function showAllLoaded(all) {
  allLoaded = all;
  byId("older").hidden = all;
}

async function guarded(call) {
  try {
    return await call;
  } catch (error) {
    if (error instanceof api.SessionEnded) sessionEnded();
    throw error;
  }
}

function sessionEnded() {
  events.stop();
  location.replace("/join?ended");
}

function arrived(message) {
  if (!settled || message.outgoing) return;
  if (!timeline.atEnd) unread += 1;
  showPill();
  if (document.hidden) {
    document.title = `(${unread || 1}) EdgeRad`;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(80);
  }
}

function showPending() {
  const pending = new Map(outbox.items.map((item) => [item.clientId, pendingMessages(item)]));
  timeline.setPending(pending, (clientId) => urls.get(clientId) ?? []);
  showWelcome();
}

/** A message on its way, in the shape in which the gateway gives messages. */
function pendingMessages(item) {
  if (!urls.has(item.clientId)) {
    const pictures = item.as === "photo" ? item.parts : [];
    urls.set(item.clientId, pictures.map(({ blob }) => URL.createObjectURL(blob)));
  }
  const bytes = item.parts.reduce((sum, { blob }) => sum + blob.size, 0);
  const local = { state: item.state, error: item.error, bytes };
  const common = { message_id: null, client_id: item.clientId, date: item.date_s, outgoing: true, local };
  const parts = item.parts.length > 0 ? item.parts : [null];
  return parts.map((part, i) => ({
    ...common,
    text: i === 0 ? item.text : "",
    html: i === 0 ? escaped(item.text) : "",
    reply_to: item.replyTo && { ...item.replyTo, photo: Boolean(item.replyTo.photo) },
    photo: part && item.as === "photo" ? { ...part, url: urls.get(item.clientId)[i] } : null,
    document: part && item.as === "document" ? { file_name: part.name, file_size: part.blob.size } : null,
  }));
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/** Offer the first picture until one was sent, but not over a question that waits for a tap. */
function showWelcome() {
  const { messages } = timeline;
  const sent = messages.some((each) => each.outgoing && (each.photo || each.document));
  const asked = messages.at(-1)?.buttons?.length > 0;
  byId("welcome").hidden = !allLoaded || sent || asked || outbox.items.length > 0;
}

function showTyping(on) {
  const { atEnd } = timeline;
  clearTimeout(typingTimer);
  byId("typing").hidden = !on;
  if (on) typingTimer = setTimeout(() => showTyping(false), TYPING_MS);
  if (atEnd) timeline.toEnd();
}

function showConnection(state) {
  const place = byId("connection");
  const words = { open: "connected", lost: "noConnection", connecting: "connecting" }[state];
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.textContent = t(words);
  clearTimeout(offlineTimer);
  if (state === "open") byId("offline").hidden = true;
  else offlineTimer = setTimeout(() => { byId("offline").hidden = false; }, SLOW_CONNECTION_MS);
}

function scrolled() {
  showPill();
  if (log.scrollTop < NEAR_TOP_PX) loadOlder();
}

function showPill() {
  const { atEnd } = timeline;
  if (atEnd) unread = 0;
  byId("to-end").hidden = atEnd;
  byId("to-end-text").classList.toggle("sr-only", unread === 0);
  byId("to-end-text").textContent =
    unread === 0 ? t("toEnd") : t(unread === 1 ? "newMessage" : "newMessages", { n: unread });
}

function setUpActions() {
  const open = {
    camera: () => byId("camera-input").click(),
    files: () => byId("file-input").click(),
    samples: () => offerSamples((film, caption) => preview.add([film], caption)),
  };
  document.addEventListener("click", (event) => {
    open[event.target.closest("[data-action]")?.dataset.action]?.();
  });
  byId("to-end").addEventListener("click", () => timeline.toEnd());
  log.addEventListener("scroll", scrolled, { passive: true });
  document.addEventListener("visibilitychange", () => { document.title = "EdgeRad"; });
}

translatePage();
setUpMenu(sendText);
setUpActions();
await outbox.open();
events.restart();
