/** Shows whether EdgeRad can be reached. Must not know how that is found out. */

/** @import { Word } from "./strings.js" */

import { byId } from "./elements.js";
import { t } from "./strings.js";

const PATIENCE_MS = 1_500;
/** @type {Record<"open"|"lost", Word>} */
const WORDS = { open: "connected", lost: "noConnection" };
/** @type {ReturnType<typeof setTimeout>|undefined} */
let timer;

/**
 * Say how the connection is; a short gap gets no banner.
 *
 * @param {"open"|"lost"} state
 */
export function showConnection(state) {
  const place = byId("connection");
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.textContent = t(WORDS[state]);
  clearTimeout(timer);
  if (state === "open") byId("offline").hidden = true;
  else timer = setTimeout(showBanner, PATIENCE_MS);
}

function showBanner() {
  byId("offline").hidden = false;
}
