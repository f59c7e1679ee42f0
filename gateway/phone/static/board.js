/**
 * The board on the ward's wall: figures that can be read from three metres, as they change.
 *
 * Knows the board's content and its stream. Must not know the chat.
 */

/** @import { Board } from "../types.js" */
/** @import { Word } from "./strings.js" */

import { Chime } from "./chime.js";
import { byId, element } from "./elements.js";
import { urgencySign } from "./signs.js";
import { t, timeOf, translatePage } from "./strings.js";

const TICK_MS = 1_000;
const HOUR_S = 3_600;
const STALE_S = 60; // the bot reports four times in that time
const SHORT = 6; // characters that are shown as large as figures
/** @type {Record<Board["engine"]["state"], Word>} */
const STATES = { ready: "engineReady", starting: "engineStarting", failed: "engineFailed" };

const chime = new Chime();
/** @type {Board|null} */
let board = null;
let ahead_s = 0; // how far the gateway's clock is ahead of this one's

function show() {
  const now_s = Date.now() / 1000 + ahead_s;
  byId("clock").textContent = timeOf(now_s);
  if (board === null) return;
  fill("waiting", board.waiting, since(board.waiting_since, now_s, "boardOldest"));
  fill("reading", board.reading, since(board.reading_since, now_s, "boardReadingFor"));
  fill("urgent", board.urgent);
  list(board);
  ring(board, now_s);
  fill("hour", board.answered, lastHour(board));
  byId("urgent").classList.toggle("alarm", board.urgent > 0);
  byId("engine").textContent = [engine(board.engine), ...(board.sms ?? []).map(line)].join(" · ");
  const stale = now_s - board.told_at > STALE_S;
  byId("stale").hidden = !stale;
  byId("stale").textContent = stale ? t("boardStale", { time: timeOf(board.told_at) }) : "";
}

/**
 * @param {string} id
 * @param {number} figure
 * @param {string|null} note Null to leave it as it is.
 */
function fill(id, figure, note = null) {
  const place = part(id, ".figure");
  put(place, String(figure));
  place.dataset.length = String(Math.min(String(figure).length, 4));
  if (note !== null) put(part(id, ".note"), note);
}

/**
 * @param {string} id
 * @param {string} selector
 * @returns {HTMLElement} What the template promises inside that element.
 */
function part(id, selector) {
  return /** @type {HTMLElement} */ (byId(id).querySelector(selector));
}

/**
 * How long the oldest of the alarms that nobody has taken waits, in figures as large as they fit.
 *
 * @param {Board} board
 * @param {number} now_s
 */
function ring({ ringing = 0, ringing_since: since_s = null }, now_s) {
  const place = byId("ringing");
  place.hidden = ringing === 0;
  if (ringing === 0) chime.rest();
  else chime.ring();
  const waited = part("ringing", ".ringing-wait");
  put(waited, since_s === null ? "" : wait(now_s - since_s));
  waited.classList.toggle("long", (waited.textContent ?? "").length > SHORT);
  put(part("ringing", ".note"), t("boardRinging", { n: ringing }));
}

/**
 * The codes, critical cases first and marked: they cannot wait for the urgent ones. A case of unknown
 * urgency follows with a question mark, which the last line explains.
 *
 * @param {Board} board
 */
function list({ urgent, unknown = 0, urgent_cases: cases }) {
  const place = part("urgent", ".codes");
  const shown = JSON.stringify([cases, urgent, unknown, innerWidth, innerHeight]);
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  put(byId("unknown"), unknown > 0 ? t("boardUnknown", { n: unknown }) : "");
  const items = cases.map(itemOf);
  const more = element("li");
  place.replaceChildren(...items, more);
  for (let left = items.length; ; left--) {
    const beyond = Math.max(cases.length, urgent + unknown) - left;
    more.textContent = beyond > 0 ? `+${t("alarmMore", { n: beyond })}` : "";
    if (left === 0 || place.scrollHeight <= place.clientHeight) return;
    items[left - 1].remove();
  }
}

/** @param {Board["urgent_cases"][number]} each */
function itemOf({ code, urgency }) {
  const critical = urgency === "critical";
  const word = critical ? element("b", {}, ` ${t("boardCritical")}`) : null;
  const mark = urgency === "not_stated" ? " ?" : null;
  return element("li", { class: critical ? "critical" : null }, urgencySign(urgency), code, word, mark);
}

/**
 * Leave alone what did not change: a screen reader says it once.
 *
 * @param {HTMLElement} place
 * @param {string} text
 */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * @param {number|null} unix_s
 * @param {number} now_s
 * @param {Word} words
 */
function since(unix_s, now_s, words) {
  return unix_s === null ? "" : t(words, { wait: wait(now_s - unix_s) });
}

/** @param {Board} board */
function lastHour({ wait_p50_s, failed }) {
  const words = [t("boardAnswered")];
  if (wait_p50_s !== null) words.push(t("boardMedian", { wait: wait(wait_p50_s) }));
  if (failed > 0) words.push(t("boardFailed", { n: failed }));
  return words.join(" · ");
}

/** @param {number} seconds */
function wait(seconds) {
  if (seconds < 60) return t("underMinute");
  if (seconds < 2 * HOUR_S) return t("minutes", { n: Math.round(seconds / 60) });
  return t("hours", { n: Math.round(seconds / HOUR_S) });
}

/**
 * When what sends SMS was last heard: phones end such apps when they like.
 *
 * @param {import("../types.js").SmsLine} line
 */
function line({ name, heard_at, fault }) {
  const heard = heard_at === null ? "-" : timeOf(heard_at);
  return `${fault === null ? "" : "! "}${t("boardSms", { line: name, time: heard })}`;
}

/** @param {Board["engine"]} engine */
function engine({ state, model, tier, practice }) {
  const name = [model, tier].filter(Boolean).join(", ");
  const words = [t("boardEngine"), t(STATES[state]), name, practice ? t("practice") : ""];
  return words.filter(Boolean).join(" · ");
}

translatePage();
const stream = new EventSource("/board/events");
stream.addEventListener("board", ({ data }) => {
  const told = /** @type {Board} */ (JSON.parse(data));
  ahead_s = told.now - Date.now() / 1000;
  board = told;
  show();
});
stream.addEventListener("denied", () => {
  stream.close();
  location.reload();
});
setInterval(show, TICK_MS);
addEventListener("resize", show);
show();
