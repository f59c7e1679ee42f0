/**
 * What a photo should be taken again for: a sentence and a drawing each, never a refusal.
 *
 * Knows words and drawings. Must not know how faults are measured, nor how photos are sent.
 */

/** @import { Corners, PhotoFault, PhotoLimits } from "../types.js" */
/** @import { Word } from "./strings.js" */

import { byId, element, icon } from "./elements.js";
import { pixelsOf } from "./picture.js";
import { faultsOf, isMeasured, measure } from "./quality.js";
import { t } from "./strings.js";

/** @type {Record<PhotoFault, [string, Word]>} */
const ADVICE = {
  blur: ["blur", "coachBlur"],
  glare: ["glare", "coachGlare"],
  dark: ["dark", "coachDark"],
  low_contrast: ["pale", "coachPale"],
  cut_off: ["cut-off", "coachCutOff"],
  too_small: ["too-small", "coachTooSmall"],
  tilted: ["tilted", "coachTilted"],
  moire: ["waves", "coachMoire"],
  finger: ["finger", "coachFinger"],
  two_films: ["two-films", "coachTwoFilms"],
};

/**
 * What is wrong with a photo.
 *
 * @param {Blob} photo
 * @param {Corners|null} corners Of its film, where they are known.
 * @param {PhotoFault[]} told What the gateway told of it. What is measured here replaces it.
 */
export async function faultsIn(photo, corners, told) {
  if (corners === null) return told;
  /** @type {PhotoLimits} */
  const limits = JSON.parse(byId("preview").dataset.limits ?? "{}");
  const measured = faultsOf(measure(await pixelsOf(photo), corners), limits);
  return [...measured, ...told.filter((fault) => !isMeasured(fault))];
}

/**
 * A line for each fault.
 *
 * @param {PhotoFault[]} faults
 */
export function advice(faults) {
  return faults.map((fault) => {
    const [drawing, word] = ADVICE[fault];
    return element("p", {}, icon(drawing), element("span", {}, t(word)));
  });
}
