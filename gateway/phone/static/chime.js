/**
 * The sound of an alarm, again and again, and the shaking of a phone with it.
 *
 * Knows what this browser may sound and whether its owner silenced it. Must not know alarms.
 */

import { byId, within } from "./elements.js";
import { t } from "./strings.js";

const AGAIN_MS = 6_000;
const NOTES_HZ = [880, 660, 880, 660];
const NOTE_S = 0.22;
const VIBRATION_MS = [400, 200, 400, 200, 400];
const SILENT = "alarm-silent"; // kept on this phone

export class Chime {
  #button = byId("alarm-sound");
  /** @type {AudioContext|null} before the page was touched, no browser lets it sound */
  #audio = null;
  #heard_ms = 0;

  constructor() {
    for (const touch of ["pointerdown", "keydown"]) {
      addEventListener(touch, ({ target }) => this.#touchedAt(target), { capture: true });
    }
    this.#button.addEventListener("click", () => {
      if (this.#audio === null) this.#touched();
      else this.#mute(!isSilent());
    });
    this.#sayWhetherHeard();
  }

  /** Sound, unless it did a moment ago. */
  ring() {
    const now_ms = performance.now();
    const isDue = this.#heard_ms === 0 || now_ms - this.#heard_ms >= AGAIN_MS;
    if (!isDue || isSilent()) return;
    this.#heard_ms = now_ms;
    if (this.#audio) sound(this.#audio);
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(VIBRATION_MS);
  }

  /** Be still, and sound at once when it rings again. */
  rest() {
    if (this.#heard_ms === 0) return;
    this.#heard_ms = 0;
    navigator.vibrate?.(0);
  }

  /** @param {EventTarget|null} target */
  #touchedAt(target) {
    if (!within(target, `#${this.#button.id}`)) this.#touched();
  }

  #touched() {
    if (this.#audio?.state === "running") return;
    this.#audio ??= new AudioContext();
    this.#audio.resume();
    this.#sayWhetherHeard();
  }

  /** @param {boolean} silent */
  #mute(silent) {
    if (silent) localStorage.setItem(SILENT, "yes");
    else localStorage.removeItem(SILENT);
    this.#sayWhetherHeard();
  }

  #sayWhetherHeard() {
    const heard = this.#audio === null ? "alarmTouch" : "alarmHeard";
    const word = isSilent() ? "alarmSilent" : heard;
    const words = byId("alarm-sound-words");
    words.dataset.t = word;
    words.textContent = t(word);
    this.#button.setAttribute("aria-pressed", String(!isSilent()));
  }
}

function isSilent() {
  return localStorage.getItem(SILENT) !== null;
}

/** @param {AudioContext} audio */
function sound(audio) {
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
