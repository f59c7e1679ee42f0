/**
 * The rows of a list: a line that begins with a button's words, drawn with that button and its picture.
 *
 * Knows texts, entities and buttons. Must not know where a press or a picture goes.
 */

/** @import { Button, Entity } from "../types.js" */

import { element, icon } from "./elements.js";
import { withSigns } from "./signs.js";

const THUMB_PX = 56;

/**
 * A row: the line that it stands for, in UTF-16 code units, and its button.
 *
 * @typedef {{ offset: number, length: number, button: Button }} Row
 */

/**
 * The rows of a text, in its order: buttons with a picture whose words begin a line.
 *
 * @param {string} text
 * @param {Button[][]} buttons
 * @returns {Row[]}
 */
export function rowsOf(text, buttons) {
  const pictured = buttons.flat().filter(({ pictured: has }) => has);
  const rows = [];
  let offset = 0;
  for (const line of text.split("\n")) {
    const button = pictured.find((each) => line.startsWith(`${each.text} `));
    if (button) rows.push({ offset, length: line.length, button });
    offset += line.length + 1;
  }
  return rows;
}

/**
 * The entities of a text with its rows around them, and the element of each row.
 *
 * @param {Entity[]} entities Outer ones before those inside them.
 * @param {Row[]} rows
 * @param {(button: Button) => HTMLElement} openerOf Makes what lies over a row.
 */
export function withRows(entities, rows, openerOf) {
  /** @type {Map<Entity, HTMLElement>} */
  const made = new Map();
  for (const { offset, length, button } of rows) {
    const row = element("div", { class: "listed" }, openerOf(button));
    made.set({ type: "row", offset, length }, row);
  }
  const all = [...made.keys(), ...entities]; // rows first: each lies around what begins with it
  return { entities: all.sort((a, b) => a.offset - b.offset), made };
}

/**
 * What lies over a row, and opens it.
 *
 * @param {Button} button
 * @param {string} url Of its picture.
 */
export function opener({ text, data }, url) {
  const thumb = element("span", { class: "listed-thumb" }, icon("film"));
  thumb.append(thumbnail(url));
  const words = element("span", { class: "sr-only" }, ...withSigns(text));
  const traits = { type: "button", class: "listed-open", "data-opens": data };
  return element("button", traits, thumb, words);
}

/**
 * A small picture, fetched once it is near what is seen; it leaves its place empty where it is gone.
 *
 * @param {string} url
 */
export function thumbnail(url) {
  const size = String(THUMB_PX);
  const traits = { alt: "", loading: "lazy", decoding: "async", width: size, height: size };
  const image = element("img", { ...traits, onerror: () => image.remove() });
  image.src = url; // after `loading`, or some browsers fetch it at once
  return image;
}
