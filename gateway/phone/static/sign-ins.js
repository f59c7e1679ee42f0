/** Where one is signed in, and the way out of each. Knows the list; must not know the chat. */

/** @import { SignIn } from "../types.js" */

import { endSignIn, signIns } from "./api.js";
import { openSheet, sentenceOf, toast } from "./dialogs.js";
import { byId, element } from "./elements.js";
import { dayOf, t, timeOf } from "./strings.js";

const dialog = byId("sign-ins");

/**
 * Show where one is signed in.
 *
 * @param {() => void} leave Signs out here, once the reader was asked.
 */
export async function showSignIns(leave) {
  try {
    await fill(leave);
    openSheet(dialog);
  } catch (error) {
    toast(sentenceOf(error));
  }
}

/** @param {() => void} leave */
async function fill(leave) {
  const { sessions, open_pages: pages } = await signIns();
  byId("open-pages").textContent = t("openPages", { n: pages });
  byId("sign-in-list").replaceChildren(...sessions.map((signIn) => row(signIn, leave)));
}

/** @param {SignIn} signIn @param {() => void} leave */
function row(signIn, leave) {
  const end = async () => {
    if (signIn.is_this) {
      dialog.close();
      leave();
      return;
    }
    try {
      await endSignIn(signIn.session_id);
      await fill(leave);
    } catch (error) {
      toast(sentenceOf(error));
    }
  };
  const { since, seen } = signIn;
  const times = { since: momentOf(since), seen: momentOf(seen) };
  return element(
    "li",
    { class: "row" },
    element("b", {}, t(signIn.is_this ? "thisPhone" : "anotherPhone")),
    element("small", {}, t("signedInSince", times)),
    element("button", { type: "button", class: "quiet", onclick: end }, t("leave")),
  );
}

/** @param {number} date_s */
function momentOf(date_s) {
  return `${dayOf(date_s)} ${timeOf(date_s)}`;
}
