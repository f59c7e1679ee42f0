/**
 * What lets this tab load the chat again without the PIN, as long as it was looked at lately.
 *
 * Knows the tab's storage: a tab that is opened anew has none of it.
 */

const PASS = "pass";

/** The pass that this tab holds, null if none. */
export function heldPass() {
  return sessionStorage.getItem(PASS);
}

/**
 * Hold the pass that an answer brings.
 *
 * @param {import("../types.js").Pass} answer
 */
export function holdPass({ pass }) {
  if (pass) sessionStorage.setItem(PASS, pass);
}

/** Let the PIN be asked for. */
export function dropPass() {
  sessionStorage.removeItem(PASS);
}
