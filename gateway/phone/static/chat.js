/** The chat page: joins the timeline, the composer, the outbox and the gateway's events. */

import * as api from "./api.js";
import { guardBack } from "./back.js";
import { Composer } from "./composer.js";
import { showConnection } from "./connection.js";
import { ask, tell, toast } from "./dialogs.js";
import { byId, element } from "./elements.js";
import { Events } from "./events.js";
import { History } from "./history.js";
import { fillMenu, setUpMenu } from "./menu.js";
import { News } from "./news.js";
import { Outbox } from "./outbox.js";
import { pendingMessages, urlsOf } from "./pending.js";
import { Preview } from "./preview.js";
import { offerSamples } from "./samples.js";
import { t, translatePage } from "./strings.js";
import { Timeline } from "./timeline.js";
import { showPicture } from "./viewer.js";

const NEAR_TOP_PX = 400;
const TYPING_MS = 6_000;
const ANSWER_MS = 12_000;

const log = byId("log");
let begun = false; // the newest page stands: what comes now is new
let typingTimer = null;

const timeline = new Timeline(log, byId("entries"), {
  reply: (message) => composer.replyTo(message),
  show: showPicture,
  jump: (messageId) => history.reach(messageId),
  press,
  commandOf,
  retry: (clientId) => outbox.retry(clientId),
  discard,
});
const history = new History(timeline, (range) => guarded(api.messages(range)), showComplete);
const news = new News(timeline);
const composer = new Composer(sendText, (files) => preview.add(files));
const preview = new Preview(sendPictures, () => byId("file-input").click());
const outbox = new Outbox({
  changed: showPending,
  progress: (clientId, done) => timeline.progress(clientId, done),
  sent: (messages) => {
    timeline.merge(messages);
    showPending();
  },
  sessionEnded,
});
const events = new Events({
  event: (kind, data) => HEARD[kind](data),
  open: connected,
  lost: () => showConnection("lost"),
  probe,
});

const HEARD = {
  message: (message) => receive([message], () => timeline.follow([message])),
  edited: (message) => receive([message], () => timeline.follow([message])),
  deleted: ({ message_ids: ids }) => timeline.remove(ids),
  action: () => showTyping(true),
  answer: answered,
  state: ({ message_ids: ids, state }) => timeline.setState(ids, state),
  commands: () => probe().catch(() => null), // the next look will tell
};

async function connected() {
  const page = await guarded(api.messages());
  introduce(page);
  if (begun) {
    receive(page.messages, () => timeline.replaceFrom(page.messages));
  } else {
    timeline.replaceFrom(page.messages);
    history.begin(page.messages);
    news.begin(page.messages);
    begun = true;
  }
  showPending();
  showConnection("open");
  outbox.flush();
}

/** Show who is here and what is offered. */
function introduce({ bot, me, samples, board }) {
  byId("bot-name").textContent = bot.name;
  fillMenu(bot, me);
  byId("open-board").hidden = !board;
  for (const offer of document.querySelectorAll("[data-action=samples]")) offer.hidden = !samples;
}

/** Is all that the gateway has known here? What the bot offers may have changed meanwhile. */
async function probe() {
  const newest = timeline.ids.at(-1) ?? 0;
  const page = await guarded(api.messages({ after: newest, limit: 1 }));
  introduce(page);
  return page.messages.length === 0;
}

function receive(messages, take) {
  const newest = timeline.ids.at(-1) ?? 0;
  const { atEnd } = timeline;
  const fresh = messages.filter((each) => !each.outgoing && each.message_id > newest);
  if (fresh.length > 0) showTyping(false);
  take();
  showWelcome();
  if (fresh.length === 0) return;
  if (atEnd) timeline.readFromStart(fresh[0].message_id);
  news.add(fresh, atEnd);
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

function sendText(text) {
  news.clear();
  timeline.toEnd();
  outbox.add({ text, as: "photo", replyTo: composer.takeReply(), parts: [] });
}

async function sendPictures(caption, groups) {
  news.clear();
  timeline.toEnd();
  const replyTo = composer.takeReply();
  for (const [i, { as, parts }] of groups.entries()) {
    await outbox.add({ text: i === 0 ? caption : "", as, replyTo, parts });
  }
}

async function discard(clientId) {
  if (await ask(t("discardQuestion"), t("discard"), t("keep"))) outbox.discard(clientId);
}

async function leave() {
  try {
    await guarded(api.leave());
    events.stop();
    await outbox.wipe();
    news.forget();
    location.replace("/join");
  } catch (error) {
    toast(error.message || t("unreachable"));
  }
}

/** A command inside a text, as something to tap. */
function commandOf(command) {
  const send = () => sendText(command);
  return element("button", { type: "button", class: "command", onclick: send }, command);
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

function answered({ text, alert }) {
  for (const busy of log.querySelectorAll("[aria-busy=true]")) busy.removeAttribute("aria-busy");
  if (text) (alert ? tell : toast)(text);
}

function showPending() {
  const pending = new Map(outbox.items.map((item) => [item.clientId, pendingMessages(item)]));
  timeline.setPending(pending, urlsOf);
  showWelcome();
}

/** Offer the first picture until one was sent, but not over a question that waits for a tap. */
function showWelcome() {
  const { messages } = timeline;
  const sent = messages.some((each) => each.outgoing && (each.photo || each.document));
  const asked = messages.at(-1)?.buttons?.length > 0;
  byId("welcome").hidden = !history.complete || sent || asked || outbox.items.length > 0;
}

function showComplete(complete) {
  byId("older").hidden = complete;
}

function showTyping(on) {
  const { atEnd } = timeline;
  clearTimeout(typingTimer);
  byId("typing").hidden = !on;
  if (on) typingTimer = setTimeout(() => showTyping(false), TYPING_MS);
  if (atEnd) timeline.toEnd();
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
  const scrolled = () => begun && log.scrollTop < NEAR_TOP_PX && history.load();
  log.addEventListener("scroll", scrolled, { passive: true });
}

translatePage();
setUpMenu({ refresh: probe, command: sendText, leave });
setUpActions();
guardBack();
await outbox.open();
events.restart();
