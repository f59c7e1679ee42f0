/**
 * A text and its entities as nodes: elements of a fixed list, and text.
 *
 * Offsets count UTF-16 code units, as JavaScript's own strings do. Knows the Bot API's entities.
 * Must not know messages.
 */

import { webLink } from "./elements.js";
import { withSigns } from "./signs.js";
import { fold, hideUntilTapped } from "./unfolding.js";

/** @import { Entity } from "../types.js" */

/** @type {Map<string, keyof HTMLElementTagNameMap>} */
const TAGS = new Map([
  ["bold", "b"],
  ["italic", "i"],
  ["underline", "u"],
  ["strikethrough", "s"],
  ["code", "code"],
  ["pre", "pre"],
  ["blockquote", "blockquote"],
  ["expandable_blockquote", "blockquote"],
  ["spoiler", "span"],
]);
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/**
 * Make the nodes of a formatted text. What is no entity of the list, or lies outside the text, is
 * shown as plain text.
 *
 * @param {string} text
 * @param {Entity[]} entities Outer ones before those inside them. One that ends after the entity
 *   around it is cut there.
 * @param {((command: string) => HTMLElement)|null} commandOf Makes the empty element that stands
 *   around a `/command` and sends it; null leaves commands as text.
 * @param {Map<Entity, HTMLElement>} made Elements that stand around some, as blocks.
 * @returns {DocumentFragment}
 */
export function formatted(text, entities, commandOf, made = new Map()) {
  const waiting = [...entities];

  /** @param {ParentNode} place @param {number} start @param {number} end */
  function fill(place, start, end) {
    let at = start;
    for (let next = waiting[0]; next && next.offset < end; next = waiting[0]) {
      waiting.shift();
      const from = Math.max(at, wholeAt(text, next.offset));
      const to = Math.min(end, wholeAt(text, next.offset + next.length));
      if (!(from < to)) continue;
      place.append(...withSigns(text.slice(at, from)));
      const around = made.get(next) ?? elementOf(next, text.slice(from, to), commandOf);
      if (around !== null) place.append(around);
      fill(around ?? place, from, to);
      if (around !== null && next.type === "spoiler") hideUntilTapped(around);
      if (around !== null && next.type === "expandable_blockquote") fold(around);
      const isBlock = BLOCKS.has(next.type) || made.has(next);
      const breaks = isBlock && text[to] === "\n"; // the block makes this line break
      at = breaks ? to + 1 : to;
    }
    place.append(...withSigns(text.slice(at, end)));
  }

  const fragment = document.createDocumentFragment();
  fill(fragment, 0, text.length);
  return fragment;
}

/**
 * @param {Entity} entity
 * @param {string} words What it covers.
 * @param {((command: string) => HTMLElement)|null} commandOf
 * @returns {HTMLElement|null} Null where its words are shown as they are.
 */
function elementOf({ type, url }, words, commandOf) {
  if (type === "bot_command") return commandOf && commandOf(words);
  if (type === "url" || type === "text_link") return webLink(url ?? words);
  const tag = TAGS.get(type);
  return tag ? document.createElement(tag) : null;
}

/**
 * An offset inside a surrogate pair means the pair's character.
 *
 * @param {string} text @param {number} offset
 */
function wholeAt(text, offset) {
  const isLow = (text.charCodeAt(offset) & 0xfc00) === 0xdc00;
  return isLow ? offset - 1 : offset;
}
