/** Building elements without HTML strings: safe under the page's content security policy. */

/** @import { ElementById, Traits } from "../types.js" */

const SVG = "http://www.w3.org/2000/svg";
const DRAWINGS = "/static/icons.svg";
/** @type {Map<string, Element>} */
const drawings = new Map(); // by name; empty until they are fetched

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag Its name.
 * @param {Traits} traits
 * @param {...(Node|string|null)} children What stands in it; null is left out.
 */
export function element(tag, traits = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(traits)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * A link that opens beside the chat; null where the address does not lead into the web.
 *
 * @param {string} url
 * @param {Traits} traits
 * @param {...(Node|string)} children
 */
export function webLink(url, traits = {}, ...children) {
  if (!isWeb(url)) return null;
  const all = { ...traits, href: url, target: "_blank", rel: "noopener noreferrer" };
  return element("a", all, ...children);
}

/** @param {string} url */
function isWeb(url) {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}

/**
 * One drawing of `icons.svg`; decoration only, so the button around it needs a label.
 *
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const kept = drawings.get(name);
  if (kept) {
    svg.setAttribute("viewBox", kept.getAttribute("viewBox") ?? "");
    svg.append(...[...kept.children].map((part) => document.importNode(part, true)));
  } else {
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `${DRAWINGS}#${name}`);
    svg.append(use);
  }
  return svg;
}

/** Fetch all drawings once: what waits for Wi-Fi needs its icon, and cannot fetch it then. */
export async function keepDrawings() {
  const text = await fetch(DRAWINGS)
    .then((answer) => answer.text())
    .catch(() => ""); // then each is asked for when it is needed
  const sheet = new DOMParser().parseFromString(text, "image/svg+xml");
  for (const symbol of sheet.querySelectorAll("symbol")) drawings.set(symbol.id, symbol);
}

/**
 * A ring that fills as an upload proceeds; `set` takes 0 to 1.
 *
 * @param {string} label
 */
export function progressRing(label) {
  const radius = 20;
  const length = 2 * Math.PI * radius;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "ring");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("role", "progressbar");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("aria-valuemin", "0");
  svg.setAttribute("aria-valuemax", "100");
  const circles = ["ring-track", "ring-done"].map((name) => {
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("class", name);
    circle.setAttribute("cx", "24");
    circle.setAttribute("cy", "24");
    circle.setAttribute("r", String(radius));
    return circle;
  });
  circles[1].style.strokeDasharray = String(length);
  svg.append(...circles);
  const set = (/** @type {number} */ done) => {
    svg.setAttribute("aria-valuenow", String(Math.round(done * 100)));
    circles[1].style.strokeDashoffset = String(length * (1 - done));
  };
  set(0);
  return { ring: svg, set };
}

/**
 * The element that an event began in, or the nearest around it, that a selector matches.
 *
 * @param {EventTarget|null} target
 * @param {string} selector
 * @returns {HTMLElement|null}
 */
export function within(target, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * The element of that id; the templates promise that it is there.
 *
 * @template {string} Id
 * @param {Id} id
 * @returns {Id extends keyof ElementById ? ElementById[Id] : HTMLElement}
 */
export function byId(id) {
  return /** @type {any} */ (document.getElementById(id));
}
