/**
 * The alarm that nobody has taken: a banner over every screen, a chime, the tab's title.
 *
 * Knows how an alarm is shown. Must not know the chat: whoever makes it says what a button
 * does. An open dialog makes all around it dead, so the banner moves into the topmost one.
 */

/** @import { Alarm, Button } from "../types.js" */

import { topmost } from "./back.js";
import { Chime } from "./chime.js";
import { byId, element } from "./elements.js";
import { withSigns } from "./signs.js";
import { t } from "./strings.js";

const TICK_MS = 1_000;
const HOUR_S = 3_600;

export class AlarmBanner {
  #banner = byId("alarm");
  #chime = new Chime();
  #press;
  /** @type {Alarm[]} */
  #alarms = [];
  #shown = "";
  #title = "";

  /** @param {(alarm: Alarm, data: string, button: HTMLButtonElement) => void} press */
  constructor(press) {
    this.#press = press;
    const moved = new MutationObserver(() => this.#place());
    moved.observe(document.body, { subtree: true, attributeFilter: ["open"] });
    setInterval(() => this.#tick(), TICK_MS);
  }

  /**
   * Show what rings now, gravest first, and nothing else.
   *
   * @param {Alarm[]} alarms
   */
  show(alarms) {
    if (this.#alarms.length === 0 && alarms.length > 0) this.#title = document.title;
    const ended = this.#alarms.length > 0 && alarms.length === 0;
    this.#alarms = alarms;
    if (ended) this.#end();
    this.#tick();
  }

  #tick() {
    if (this.#alarms.length === 0) return;
    const [first] = this.#alarms;
    document.title = `(${this.#alarms.length}) ${first.code} ! EdgeRad`;
    iconOf("alarm");
    this.#fill(first);
    this.#place();
    if (this.#alarms.some(({ sound }) => sound)) this.#chime.ring();
  }

  /** @param {Alarm} alarm */
  #fill(alarm) {
    const more = this.#alarms.length - 1;
    byId("alarm-age").textContent = ageOf(alarm);
    const shown = JSON.stringify([alarm, more]);
    if (shown === this.#shown) return; // a screen reader says it once
    this.#shown = shown;
    byId("alarm-title").replaceChildren(...withSigns(alarm.title));
    byId("alarm-text").replaceChildren(...withSigns(alarm.text));
    byId("alarm-more").textContent = more > 0 ? `· ${t("alarmMore", { n: more })}` : "";
    byId("alarm-buttons").replaceChildren(
      ...alarm.buttons.map((each) => this.#buttonOf(alarm, each)),
    );
  }

  /** @param {Alarm} alarm @param {Button} offered */
  #buttonOf(alarm, { text, data }) {
    const button = element("button", { type: "button" }, ...withSigns(text));
    button.addEventListener("click", () => this.#press(alarm, data, button));
    return button;
  }

  #place() {
    if (this.#alarms.length === 0) return;
    const place = topmost() ?? document.body;
    for (const each of document.querySelectorAll(".alarmed")) {
      if (each !== place) each.classList.remove("alarmed");
    }
    place.classList.add("alarmed");
    if (this.#banner.parentElement !== place) place.prepend(this.#banner);
    this.#banner.hidden = false;
  }

  #end() {
    this.#banner.hidden = true;
    this.#shown = "";
    document.body.prepend(this.#banner);
    for (const each of document.querySelectorAll(".alarmed")) each.classList.remove("alarmed");
    document.title = this.#title;
    iconOf("logo");
    this.#chime.rest();
  }
}

/** @param {Alarm} alarm */
function ageOf({ since }) {
  const age_s = Math.max(0, Date.now() / 1000 - since);
  if (age_s < 60) return t("alarmNew");
  const wait =
    age_s < 2 * HOUR_S
      ? t("minutes", { n: Math.floor(age_s / 60) })
      : t("hours", { n: Math.floor(age_s / HOUR_S) });
  return t("alarmAge", { wait });
}

/** @param {"logo"|"alarm"} name */
function iconOf(name) {
  document.querySelector("link[rel=icon]")?.setAttribute("href", `/static/${name}.svg`);
}
