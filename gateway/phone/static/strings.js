/**
 * What the page says, in the language of whoever holds the phone.
 *
 * Knows where the words lie and how a language writes times and numbers. Must not know what they are
 * used for. The bot's own texts come in its own language.
 */

/** @typedef {keyof typeof import("./words/en.js").words} Word */
/** @typedef {keyof typeof LANGUAGES} Language */

/** The languages there are, each by its own name. */
export const LANGUAGES = { en: "English", fr: "Français", pt: "Português", ha: "Hausa" };
const STORED = "edgerad.language";
const FRENCH_SPACE = / (?=[:;?!»])/g;

/** The language the page speaks: the one chosen here before, else the phone's, else English. */
export const language = (() => {
  const wanted = localStorage.getItem(STORED) ?? navigator.language.split("-")[0];
  return isLanguage(wanted) ? wanted : "en";
})();

/** @type {{words: Record<Word, string>, calendar?: {days: string[], months: string[]}}} */
const { words, calendar } = await import(`/static/words/${language}.js`); // only this one loads

/**
 * @param {string} code
 * @returns {code is Language}
 */
function isLanguage(code) {
  return Object.hasOwn(LANGUAGES, code);
}

/**
 * Say `key` in the page's language, with `{name}` places filled from `values`.
 *
 * @param {Word} key
 * @param {Record<string, unknown>} values
 */
export function t(key, values = {}) {
  const said = words[key].replace(FRENCH_SPACE, "\u00a0"); // no line begins with such a sign
  return said.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Translate what the template wrote in English: `data-t`, `data-t-label`, `data-t-placeholder`. */
export function translatePage() {
  document.documentElement.lang = language;
  eachWith("data-t", (element, said) => {
    element.textContent = said;
  });
  eachWith("data-t-label", (element, said) => element.setAttribute("aria-label", said));
  eachWith("data-t-placeholder", (element, said) => element.setAttribute("placeholder", said));
}

/** @param {string} name @param {(element: Element, said: string) => void} act */
function eachWith(name, act) {
  for (const element of document.querySelectorAll(`[${name}]`)) {
    act(element, t(/** @type {Word} */ (element.getAttribute(name))));
  }
}

/**
 * Load the page anew in another language; one that it does not know, or speaks, changes nothing.
 *
 * @param {string|null} code
 */
export function speak(code) {
  if (code === null || code === language || !isLanguage(code)) return;
  localStorage.setItem(STORED, code);
  location.reload();
}

/**
 * Fill `place` with one button for each language; choosing one calls `choose` with its code.
 *
 * @param {HTMLElement} place
 * @param {(code: string) => void} choose
 */
export function offerLanguages(place, choose = speak) {
  place.replaceChildren(
    ...Object.entries(LANGUAGES).map(([code, name]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.lang = code;
      button.textContent = name;
      button.setAttribute("aria-pressed", String(code === language));
      button.addEventListener("click", () => choose(code));
      return button;
    }),
  );
}

// The phone's own habits of writing where it speaks the same language. Few phones know how to write
// dates in Hausa, so its words come with a calendar.
const LOCALES = { en: "en-GB", fr: "fr-FR", pt: "pt-PT", ha: "en-NG" };
const locale = navigator.language.startsWith(language) ? navigator.language : LOCALES[language];
const timeFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat(locale, {
  weekday: "long",
  day: "numeric",
  month: "long",
});

/**
 * The time of day of a Unix time in seconds, such as `14:05`.
 *
 * @param {number} date_s
 */
export function timeOf(date_s) {
  return timeFormat.format(date_s * 1000);
}

/**
 * A number that is one higher for each day on the phone's clock.
 *
 * @param {number} date_s
 */
export function dayNumber(date_s) {
  const zone_min = new Date(date_s * 1000).getTimezoneOffset();
  return Math.floor((date_s / 60 - zone_min) / (24 * 60));
}

/**
 * The day of a Unix time in seconds: today, yesterday, or its name and date.
 *
 * @param {number} date_s
 */
export function dayOf(date_s) {
  const day = new Date(date_s * 1000);
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  if (day >= midnight) return t("today");
  midnight.setDate(midnight.getDate() - 1);
  return day >= midnight ? t("yesterday") : nameOf(day);
}

/** @param {Date} day */
function nameOf(day) {
  if (!calendar) return dayFormat.format(day);
  return `${calendar.days[day.getDay()]}, ${day.getDate()} ${calendar.months[day.getMonth()]}`;
}

/**
 * A time in seconds in whole minutes or seconds, such as `5 min`.
 *
 * @param {number} seconds
 */
export function durationInWords(seconds) {
  const short = seconds < 60;
  const unit = short ? "second" : "minute";
  const format = new Intl.NumberFormat(locale, { style: "unit", unit });
  return onOneLine(format.format(Math.ceil(short ? seconds : seconds / 60)));
}

/**
 * An amount of bytes for people, such as `480 kB` or, in French, `2,4 Mo`.
 *
 * @param {number} bytes
 */
export function sizeInWords(bytes) {
  const small = bytes < 1e6;
  const unit = small ? "kilobyte" : "megabyte";
  const format = new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 });
  return onOneLine(format.format(small ? Math.ceil(bytes / 1e3) : bytes / 1e6));
}

/**
 * English and Portuguese put a space before a unit at which a line could end.
 *
 * @param {string} amount
 */
function onOneLine(amount) {
  return amount.replaceAll(" ", "\u00a0");
}
