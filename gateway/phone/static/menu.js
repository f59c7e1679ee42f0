/** The menu: commands, sample films, the language. Knows what is offered, not what it does. */

import { ask, openSheet } from "./dialogs.js";
import { byId, element } from "./elements.js";
import { offerLanguages, t } from "./strings.js";

const dialog = byId("menu");

/**
 * Make the menu work.
 *
 * @param {(command: string) => void} onCommand Receives the command tapped, such as `/cases`.
 * @param {() => void} onLeave The reader wants to sign out, and was asked.
 */
export function setUpMenu(onCommand, onLeave) {
  offerLanguages(byId("languages"));
  byId("leave").addEventListener("click", async () => {
    dialog.close();
    if (await ask(t("leaveQuestion"), t("leave"), t("cancel"))) onLeave();
  });
  byId("open-menu").addEventListener("click", () => openSheet(dialog));
  dialog.addEventListener("click", (event) => {
    const command = event.target.closest("[data-command]")?.dataset.command;
    if (command || event.target.closest("[data-action]")) dialog.close();
    if (command) onCommand(command);
  });
}

/** Show what the bot offers to `me`. */
export function fillMenu(bot, me) {
  byId("commands").replaceChildren(...bot.commands.map(commandRow));
  byId("me").textContent = t("signedInAs", { name: me.name });
}

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
