/** The menu: commands, sample films, the language. Knows what is offered, not what it does. */

/** @import { Bot, Command, Me } from "../types.js" */

import { ask, openSheet } from "./dialogs.js";
import { byId, element, within } from "./elements.js";
import { offerLanguages, t } from "./strings.js";

const dialog = byId("menu");

/**
 * Make the menu work.
 *
 * @param {object} actions
 * @param {() => Promise<unknown>} actions.refresh Ask anew what the bot offers.
 * @param {(command: string) => void} actions.command Receives the command tapped, like `/cases`.
 * @param {(code: string) => void} actions.language Receives the language tapped.
 * @param {() => void} actions.leave The reader wants to sign out, and was asked.
 */
export function setUpMenu(actions) {
  offerLanguages(byId("languages"), actions.language);
  /** @param {string} question @param {string} words */
  const part = async (question, words) => {
    dialog.close();
    if (await ask(question, words, t("cancel"))) actions.leave();
  };
  byId("leave").addEventListener("click", () => part(t("leaveQuestion"), t("leave")));
  byId("not-mine").addEventListener("click", () => {
    const { name } = byId("not-mine").dataset;
    part(t("notMyPhoneQuestion", { name }), t("notMyPhone"));
  });
  byId("open-menu").addEventListener("click", () => {
    openSheet(dialog);
    actions.refresh().catch(() => null); // the commands from before stay
  });
  dialog.addEventListener("click", ({ target }) => {
    const command = within(target, "[data-command]")?.dataset.command;
    if (command || within(target, "[data-action]")) dialog.close();
    if (command) actions.command(command);
  });
}

/**
 * Show what the bot offers to `me`.
 *
 * @param {Bot} bot
 * @param {Me} me
 */
export function fillMenu(bot, me) {
  const list = byId("commands");
  const offered = JSON.stringify(bot.commands);
  if (list.dataset.offered !== offered) list.replaceChildren(...bot.commands.map(commandRow));
  list.dataset.offered = offered;
  byId("me").textContent = t("signedInAs", { name: me.name });
  byId("not-mine").dataset.name = me.name;
}

/** @param {Command} offered */
function commandRow({ command, description }) {
  return element(
    "li",
    {},
    element(
      "button",
      { type: "button", class: "row", "data-command": `/${command}` },
      element("span", { class: "command-name" }, `/${command}`),
      element("span", {}, description),
    ),
  );
}
