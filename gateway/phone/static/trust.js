/** The page on the port without HTTPS: a phone that trusts the clinic goes on to HTTPS. */

import { byId } from "./elements.js";
import { offerLanguages, t, translatePage } from "./strings.js";

const { safe } = document.body.dataset;

/** Whether this phone's browser takes the clinic's certificate: it tells by a fetch that works. */
async function isTrusted() {
  try {
    await fetch(`${safe}/health`, { mode: "no-cors", cache: "no-store", credentials: "omit" });
    return true;
  } catch {
    return false;
  }
}

/** Go to the same page by HTTPS, an invite's code with it. */
async function goOn() {
  if (await isTrusted()) {
    location.replace(safe + location.pathname + location.search + location.hash);
    return true;
  }
  return false;
}

translatePage();
offerLanguages(byId("languages"));
byId("go").addEventListener("click", async () => {
  byId("trust-error").textContent = (await goOn()) ? "" : t("trustNotYet");
});
goOn();
