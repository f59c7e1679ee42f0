/**
 * The phone's back button closes what lies over the chat, and leaves the chat only then.
 *
 * Knows dialogs and the browser's history. From the first dialog on, the history has one more
 * entry: the button leaves that one instead of the page. Newer browsers close a dialog by themselves;
 * then the entry changes nothing.
 */

/** Make the back button close dialogs. */
export function closeDialogsOnBack() {
  const opened = new MutationObserver(() => {
    if (topmost() && !history.state?.dialog) history.pushState({ dialog: true }, "");
  });
  opened.observe(document.body, { subtree: true, attributeFilter: ["open"] });
  addEventListener("popstate", goBack);
}

function goBack() {
  const dialog = topmost();
  if (!dialog) {
    history.back(); // only that entry was left
    return;
  }
  if (dialog.dispatchEvent(new Event("cancel", { cancelable: true }))) dialog.close();
  if (topmost()) history.pushState({ dialog: true }, "");
}

/**
 * The open dialog that was opened last: the template has each behind those that open it.
 *
 * @returns {HTMLDialogElement|undefined}
 */
export function topmost() {
  /** @type {NodeListOf<HTMLDialogElement>} */
  const open = document.querySelectorAll("dialog[open]");
  return [...open].at(-1);
}
