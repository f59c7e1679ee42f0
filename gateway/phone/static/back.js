/**
 * The phone's back button closes what lies over the chat, and leaves the chat only then.
 *
 * Knows dialogs and the history. One entry of the history stands guard from the first dialog on;
 * newer browsers close a dialog by themselves, and then the guard costs nothing.
 */

/** Make the back button close dialogs. */
export function guardBack() {
  const opened = new MutationObserver(() => {
    if (topmost() && !history.state?.guard) history.pushState({ guard: true }, "");
  });
  opened.observe(document.body, { subtree: true, attributeFilter: ["open"] });
  addEventListener("popstate", goBack);
}

function goBack() {
  const dialog = topmost();
  if (!dialog) {
    history.back(); // only the guard was left
    return;
  }
  if (dialog.dispatchEvent(new Event("cancel", { cancelable: true }))) dialog.close();
  if (topmost()) history.pushState({ guard: true }, "");
}

/**
 * The open dialog that was opened last: the template has each behind those that open it.
 *
 * @returns {HTMLDialogElement|undefined}
 */
function topmost() {
  /** @type {NodeListOf<HTMLDialogElement>} */
  const open = document.querySelectorAll("dialog[open]");
  return [...open].at(-1);
}
