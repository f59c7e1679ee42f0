/**
 * The alarm that nobody has taken: a banner over every screen, a chime, a vibration, the tab's title.
 *
 * Knows how an alarm is shown and heard. Must not know the chat: whoever makes it says what a button
 * does. An open dialog makes all around it dead, so the banner moves into the topmost one.
 */

/** @import { Alarm, Button } from "../types.js" */

import { topmost } from "./back.js";
import { byId, element } from "./elements.js";
import { t } from "./strings.js";

const TICK_MS = 1_000;
const CHIME_MS = 6_000;
const HOUR_S = 3_600;
const NOTES_HZ = [880, 660, 880, 660];
const NOTE_S = 0.22;
const VIBRATION_MS = [400, 200, 400, 200, 400];
const SILENT = "alarm-silent"; // kept on this phone

export class AlarmBanner {
  #banner = byId("alarm");
  #sound = byId("alarm-sound");
  #press;
  /** @type {Alarm[]} */
  #alarms = [];
  /** @type {AudioContext|null} before the page was touched, no browser lets it sound */
  #audio = null;
  #heard_ms = 0;
  #shown = "";
  #title = "";

  /** @param {(alarm: Alarm, data: string, button: HTMLButtonElement) => void} press */
  constructor(press) {
    this.#press = press;
    for (const touch of ["pointerdown", "keydown"]) {
      addEventListener(touch, () => this.#touched(), { once: true, capture: true });
    }
    this.#sound.addEventListener("click", () => this.#mute(!isSilent()));
    this.#sayWhetherHeard();
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
    const now_ms = performance.now();
    const isDue = this.#heard_ms === 0 || now_ms - this.#heard_ms >= CHIME_MS;
    if (!isDue || isSilent() || !this.#alarms.some(({ sound }) => sound)) return;
    this.#heard_ms = now_ms;
    if (this.#audio) chime(this.#audio);
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(VIBRATION_MS);
  }

  /** @param {Alarm} alarm */
  #fill(alarm) {
    const more = this.#alarms.length - 1;
    byId("alarm-age").textContent = ageOf(alarm);
    const shown = JSON.stringify([alarm, more]);
    if (shown === this.#shown) return; // a screen reader says it once
    this.#shown = shown;
    byId("alarm-title").textContent = alarm.title;
    byId("alarm-text").textContent = alarm.text;
    byId("alarm-more").textContent = more > 0 ? t("alarmMore", { n: more }) : "";
    byId("alarm-buttons").replaceChildren(
      ...alarm.buttons.map((each) => this.#buttonOf(alarm, each)),
    );
  }

  /** @param {Alarm} alarm @param {Button} offered */
  #buttonOf(alarm, { text, data }) {
    const button = element("button", { type: "button" }, text);
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
    this.#heard_ms = 0;
    document.body.prepend(this.#banner);
    for (const each of document.querySelectorAll(".alarmed")) each.classList.remove("alarmed");
    document.title = this.#title;
    iconOf("logo");
    navigator.vibrate?.(0);
  }

  #touched() {
    this.#audio ??= new AudioContext();
    this.#audio.resume();
  }

  /** @param {boolean} silent */
  #mute(silent) {
    if (silent) localStorage.setItem(SILENT, "yes");
    else localStorage.removeItem(SILENT);
    this.#sayWhetherHeard();
  }

  #sayWhetherHeard() {
    const word = isSilent() ? "alarmSilent" : "alarmHeard";
    const words = byId("alarm-sound-words");
    words.dataset.t = word;
    words.textContent = t(word);
    this.#sound.setAttribute("aria-pressed", String(!isSilent()));
  }
}

function isSilent() {
  return localStorage.getItem(SILENT) !== null;
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

/** @param {AudioContext} audio */
function chime(audio) {
  for (const [i, note_hz] of NOTES_HZ.entries()) {
    const start_s = audio.currentTime + i * NOTE_S;
    const tone = new OscillatorNode(audio, { frequency: note_hz, type: "triangle" });
    const volume = new GainNode(audio, { gain: 0.4 });
    volume.gain.setTargetAtTime(0, start_s + NOTE_S / 2, NOTE_S / 6);
    tone.connect(volume).connect(audio.destination);
    tone.start(start_s);
    tone.stop(start_s + NOTE_S);
  }
}
