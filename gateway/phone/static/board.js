/**
 * The board on the ward's wall: figures that can be read from three metres, as they change.
 *
 * Knows the board's content and its stream. Must not know the chat.
 */

import { byId, element } from "./elements.js";
import { t, timeOf, translatePage } from "./strings.js";

const TICK_MS = 1_000;
const HOUR_S = 3_600;
const STALE_S = 60; // the bot tells anew four times in that time
const MANY = 5; // codes, beside which the figure makes room
const STATES = { ready: "engineReady", starting: "engineStarting", failed: "engineFailed" };

let board = null;
let ahead_s = 0; // how far the gateway's clock is ahead of this one's

function show() {
  const now_s = Date.now() / 1000 + ahead_s;
  byId("clock").textContent = timeOf(now_s);
  if (board === null) return;
  fill("waiting", board.waiting, since(board.waiting_since, now_s, "boardOldest"));
  fill("reading", board.reading, since(board.reading_since, now_s, "boardReadingFor"));
  fill("urgent", board.urgent);
  list(board.urgent_cases);
  fill("hour", `${board.answered}`, lastHour());
  byId("urgent").classList.toggle("alarm", board.urgent > 0);
  byId("urgent").classList.toggle("many", board.urgent_cases.length > MANY);
  byId("engine").textContent = engine(board.engine);
  const stale = now_s - board.told_at > STALE_S;
  byId("stale").hidden = !stale;
  byId("stale").textContent = stale ? t("boardStale", { time: timeOf(board.told_at) }) : "";
}

function fill(id, figure, note = null) {
  const place = byId(id).querySelector(".figure");
  put(place, String(figure));
  place.dataset.length = Math.min(String(figure).length, 4);
  if (note !== null) put(byId(id).querySelector(".note"), note);
}

/** The codes, critical cases first and marked: they cannot wait for the urgent ones. */
function list(cases) {
  const place = byId("urgent").querySelector(".codes");
  const shown = JSON.stringify(cases);
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.replaceChildren(
    ...cases.map(({ code, urgency }) => {
      const critical = urgency === "critical";
      const word = critical ? element("b", {}, ` ${t("boardCritical")}`) : null;
      return element("li", { class: critical ? "critical" : null }, code, word);
    }),
  );
}

/** What did not change is not touched: a screen reader says it once. */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function since(unix_s, now_s, words) {
  return unix_s === null ? "" : t(words, { wait: wait(now_s - unix_s) });
}

function lastHour() {
  const words = [t("boardAnswered")];
  if (board.wait_p50_s !== null) words.push(t("boardMedian", { wait: wait(board.wait_p50_s) }));
  if (board.failed > 0) words.push(t("boardFailed", { n: board.failed }));
  return words.join(" · ");
}

function wait(seconds) {
  if (seconds < 60) return t("underMinute");
  if (seconds < 2 * HOUR_S) return t("minutes", { n: Math.round(seconds / 60) });
  return t("hours", { n: Math.round(seconds / HOUR_S) });
}

function engine({ state, model, tier, practice }) {
  const name = [model, tier].filter(Boolean).join(", ");
  const words = [t("boardEngine"), t(STATES[state]), name, practice ? t("practice") : ""];
  return words.filter(Boolean).join(" · ");
}

translatePage();
const stream = new EventSource("/board/events");
stream.addEventListener("board", ({ data }) => {
  board = JSON.parse(data);
  ahead_s = board.now - Date.now() / 1000;
  show();
});
stream.addEventListener("denied", () => {
  stream.close();
  location.reload();
});
setInterval(show, TICK_MS);
show();
