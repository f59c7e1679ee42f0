/** The page of a chat that is locked: asks for its PIN. */

import { Locked, Refused, SessionEnded, reopen, unlock } from "./api.js";
import { sentenceOf } from "./dialogs.js";
import { byId } from "./elements.js";
import { dropPass, heldPass, holdPass } from "./pass.js";
import { translatePage } from "./strings.js";
import { pinRefusal } from "./pin-words.js";

const TICK_MS = 1_000;
const pin = byId("pin");
const fault = byId("pin-error");
let free_ms = 0; // when the next try may be made

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  if (pin.value === "") {
    pin.focus();
    return;
  }
  byId("go").disabled = true;
  try {
    holdPass(await unlock(pin.value));
    location.replace("/");
  } catch (error) {
    refuse(error);
  }
}

/** @param {unknown} error */
function refuse(error) {
  if (error instanceof SessionEnded) {
    location.replace("/join?ended");
    return;
  }
  pin.value = "";
  const { wait_s = 0, tries_left: left = 0 } = error instanceof Refused ? error.body : {};
  free_ms = Date.now() + wait_s * 1_000;
  fault.textContent = left ? pinRefusal(left, wait_s) : sentenceOf(error);
  letTry();
}

/** The button works again once the wait is over. */
function letTry() {
  const waits = Date.now() < free_ms;
  byId("go").disabled = waits;
  if (waits) setTimeout(letTry, TICK_MS);
  else pin.focus();
}

/** A reload asks for no PIN: the chat was looked at a moment ago, in this tab. */
async function start() {
  const pass = heldPass();
  try {
    if (pass) {
      await reopen(pass);
      location.replace("/");
      return;
    }
  } catch (error) {
    if (error instanceof Locked) dropPass();
  }
  letTry();
}

translatePage();
byId("unlock").addEventListener("submit", submit);
start();
