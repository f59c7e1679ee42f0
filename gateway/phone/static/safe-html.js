/**
 * A message's HTML, copied into the page element by element from a list of what is allowed.
 *
 * The gateway's HTML is safe by contract; this holds even where it is not. Must not know messages.
 */

import { fold, hideUntilTapped } from "./unfolding.js";

const ALLOWED = new Set([
  "A",
  "B",
  "BLOCKQUOTE",
  "BR",
  "CODE",
  "DEL",
  "EM",
  "I",
  "INS",
  "PRE",
  "S",
  "SPAN",
  "STRONG",
  "U",
]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "TITLE", "NOSCRIPT"]);
const BLOCKS = new Set(["BLOCKQUOTE", "PRE"]);
const VERBATIM = new Set(["A", "CODE", "PRE"]);
const LINK = /^(https?:|mailto:|tel:)/i;
const COMMAND = /(^|\s)(\/[a-z0-9_]{1,32})(?![\w/])/gi;

/**
 * Copy HTML into a fragment.
 *
 * @param {string} html From the gateway.
 * @param {((command: string) => Node)|null} commandOf Makes a `/command` in the text something to
 *   tap; null leaves all as text.
 */
export function safeFragment(html, commandOf) {
  const fragment = document.createDocumentFragment();
  const parsed = new DOMParser().parseFromString(html, "text/html"); // runs and loads nothing
  copyChildren(parsed.body, fragment, commandOf);
  return fragment;
}

function copyChildren(source, target, commandOf) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE)
      target.append(...withCommands(lineAfter(node), commandOf));
    else if (node.nodeType === Node.ELEMENT_NODE) copyElement(node, target, commandOf);
  }
}

function copyElement(node, target, commandOf) {
  if (DROPPED.has(node.tagName)) return;
  if (!ALLOWED.has(node.tagName)) {
    copyChildren(node, target, commandOf);
    return;
  }
  const copy = document.createElement(node.tagName);
  if (node.tagName === "A" && LINK.test(node.getAttribute("href") ?? "")) {
    copy.href = node.getAttribute("href");
    copy.target = "_blank";
    copy.rel = "noopener noreferrer";
  }
  copyChildren(node, copy, VERBATIM.has(node.tagName) ? null : commandOf);
  if (node.matches("span.spoiler")) hideUntilTapped(copy);
  if (node.matches("blockquote.expandable")) fold(copy);
  target.append(copy);
}

/** The text without the line break that a block before it makes anyway. */
function lineAfter(node) {
  return BLOCKS.has(node.previousSibling?.tagName) ? node.data.replace(/^\n/, "") : node.data;
}

function withCommands(text, commandOf) {
  if (commandOf === null) return [text];
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(COMMAND)) {
    const start = match.index + match[1].length;
    parts.push(text.slice(end, start), commandOf(match[2]));
    end = start + match[2].length;
  }
  parts.push(text.slice(end));
  return parts;
}
