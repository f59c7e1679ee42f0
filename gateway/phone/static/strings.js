/**
 * What the page says, in the language of whoever holds the phone.
 *
 * Knows where the words lie and how a language writes times and numbers. Must not know what they are
 * used for. The bot's own texts come in its own language.
 */

/** The languages there are, each by its own name. */
export const LANGUAGES = { en: "English", fr: "Français", pt: "Português", ha: "Hausa" };
const STORED = "edgerad.language";
const FRENCH_SPACE = / (?=[:;?!»])/g;

/** The language the page speaks: the one chosen here before, else the phone's, else English. */
export const language = (() => {
  const wanted = localStorage.getItem(STORED) ?? navigator.language.split("-")[0];
  return Object.hasOwn(LANGUAGES, wanted) ? wanted : "en";
})();

const { words, calendar } = await import(`/static/words/${language}.js`); // one language is all that loads

/** Say `key` in the page's language, with `{name}` places filled from `values`. */
export function t(key, values = {}) {
  const said = words[key].replace(FRENCH_SPACE, "\u00a0"); // such a sign begins no line
  return said.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Translate what the template wrote in English: `data-t`, `data-t-label`, `data-t-placeholder`. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-t]")) {
    element.textContent = t(element.dataset.t);
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
  }
  for (const element of document.querySelectorAll("[data-t-placeholder]")) {
    element.placeholder = t(element.dataset.tPlaceholder);
  }
}

/** Load the page anew in another language; one that it does not know, or speaks, changes nothing. */
export function speak(code) {
  if (code === language || !Object.hasOwn(LANGUAGES, code)) return;
  localStorage.setItem(STORED, code);
  location.reload();
}

/** Fill `place` with one button for each language; choosing one calls `choose` with its code. */
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

/** The time of day of a Unix time in seconds, such as `14:05`. */
export function timeOf(date_s) {
  return timeFormat.format(date_s * 1000);
}

/** A number that is one higher for each day on the phone's clock. */
export function dayNumber(date_s) {
  const zone_min = new Date(date_s * 1000).getTimezoneOffset();
  return Math.floor((date_s / 60 - zone_min) / (24 * 60));
}

/** The day of a Unix time in seconds: today, yesterday, or its name and date. */
export function dayOf(date_s) {
  const day = new Date(date_s * 1000);
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  if (day >= midnight) return t("today");
  midnight.setDate(midnight.getDate() - 1);
  return day >= midnight ? t("yesterday") : nameOf(day);
}

function nameOf(day) {
  if (!calendar) return dayFormat.format(day);
  return `${calendar.days[day.getDay()]}, ${day.getDate()} ${calendar.months[day.getMonth()]}`;
}

/** A time in seconds in whole minutes or seconds, such as `5 min`. */
export function durationInWords(seconds) {
  const [unit, n] = seconds < 60 ? ["second", seconds] : ["minute", seconds / 60];
  return onOneLine(new Intl.NumberFormat(locale, { style: "unit", unit }).format(Math.ceil(n)));
}

/** An amount of bytes for people, such as `480 kB` or, in French, `2,4 Mo`. */
export function sizeInWords(bytes) {
  const [unit, n] = bytes < 1e6 ? ["kilobyte", Math.ceil(bytes / 1e3)] : ["megabyte", bytes / 1e6];
  const style = { style: "unit", unit, maximumFractionDigits: 1 };
  return onOneLine(new Intl.NumberFormat(locale, style).format(n));
}

/** English and Portuguese put a space before a unit at which a line could end. */
function onOneLine(amount) {
  return amount.replaceAll(" ", "\u00a0");
}
