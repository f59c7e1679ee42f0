/**
 * The PIN that locks the chat: set, changed and taken away here; after a while in the background
 * the page asks for it anew.
 *
 * Knows the dialog and the time. The gateway decides whether a PIN is right.
 */

import { Locked, Refused, SessionEnded, setPin } from "./api.js";
import { openSheet, sentenceOf, toast } from "./dialogs.js";
import { byId } from "./elements.js";
import { dropPass, holdPass } from "./pass.js";
import { pinRefusal } from "./pin-words.js";
import { t } from "./strings.js";

const BACKGROUND_MS = 300_000; // as the gateway has it

const dialog = byId("lock");
const fault = byId("lock-error");
let hasPin = false;
/** @type {number|null} */
let hidden_ms = null; // since when the page is in the background

/**
 * Make the dialog and the clock work. `onEnded` is called after too many wrong tries, `onChanged` when
 * the PIN changed: the gateway then ends the event stream.
 *
 * @param {() => void} onEnded
 * @param {() => void} onChanged
 */
export function setUpLock(onEnded, onChanged) {
  byId("open-lock").addEventListener("click", open);
  byId("lock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    save(byId("lock-new").value, onEnded, onChanged);
  });
  byId("lock-remove").addEventListener("click", () => save(null, onEnded, onChanged));
  document.addEventListener("visibilitychange", watch);
}

/**
 * Take what the gateway says: whether a PIN locks this chat.
 *
 * @param {boolean} locked
 */
export function noteLock(locked) {
  hasPin = locked;
  byId("open-lock-words").textContent = t(locked ? "pinChange" : "pinSet");
}

/** Ask for the PIN: the gateway shows nothing else now. */
export function lock() {
  location.replace("/");
}

function open() {
  byId("menu").close();
  byId("lock-form").reset();
  fault.textContent = "";
  byId("lock-title").textContent = t(hasPin ? "pinChange" : "pinSet");
  byId("lock-current-field").hidden = !hasPin;
  byId("lock-remove").hidden = !hasPin;
  openSheet(dialog);
}

/** @param {string|null} pin @param {() => void} onEnded @param {() => void} onChanged */
async function save(pin, onEnded, onChanged) {
  fault.textContent = pin === null ? "" : faultOf(pin);
  if (fault.textContent) return;
  try {
    holdPass(await setPin(pin, hasPin ? byId("lock-current").value : undefined));
    noteLock(pin !== null);
    onChanged();
    dialog.close();
    toast(t(pin === null ? "pinRemoved" : "pinIsSet"));
  } catch (error) {
    if (error instanceof SessionEnded) onEnded();
    else if (error instanceof Locked) lock();
    else if (error instanceof Refused) refuse(error);
    else fault.textContent = sentenceOf(error);
  }
}

/** @param {Refused} error */
function refuse({ message, body: { tries_left: left, wait_s = 0 } }) {
  fault.textContent = left ? pinRefusal(left, wait_s) : message;
}

/** @param {string} pin */
function faultOf(pin) {
  if (!/^\d{4,12}$/.test(pin)) return t("pinDigits");
  if (isTrivial(pin)) return t("pinTrivial");
  return pin === byId("lock-again").value ? "" : t("pinDiffers");
}

/**
 * Digits that all have the same distance are what anybody tries first.
 *
 * @param {string} pin
 */
function isTrivial(pin) {
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])));
  return steps.size === 1;
}

function watch() {
  const gone_ms = hidden_ms === null ? 0 : Date.now() - hidden_ms;
  hidden_ms = document.hidden ? Date.now() : null;
  if (!hasPin || gone_ms <= BACKGROUND_MS) return;
  dropPass();
  lock();
}
