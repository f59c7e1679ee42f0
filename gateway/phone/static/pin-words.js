/** What a PIN that was refused is told. */

import { durationInWords, t } from "./strings.js";

/**
 * Say how many tries are left, and how long to wait for the next.
 *
 * @param {number} left
 * @param {number} wait_s
 */
export function pinRefusal(left, wait_s) {
  const words = t("pinWrong", { n: left });
  return wait_s > 0 ? `${words} ${t("pinWait", { wait: durationInWords(wait_s) })}` : words;
}
