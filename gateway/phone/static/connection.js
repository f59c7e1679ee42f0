/** The words that say whether EdgeRad can be reached. Knows where they stand, not who finds out. */

import { byId } from "./elements.js";
import { t } from "./strings.js";

const PATIENCE_MS = 1_500;
const WORDS = { open: "connected", lost: "noConnection" };
let timer = null;

/** Say that the connection is `open` or `lost`; a short gap gets no banner. */
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
