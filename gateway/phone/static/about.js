/**
 * Who and what a picture is of, by tap: sex, age, record number, kind, common symptoms.
 *
 * Knows the fields beside the caption. Everything stands in the caption alone: a tap writes there,
 * and what is typed there is shown by the fields. Nothing is kept.
 */

import { facts, givenAway, has, withAge, without, withRecord, withSex, withWord } from "./caption.js";
import { byId, element } from "./elements.js";
import { t } from "./strings.js";

/** @import { Sex, Unit } from "./caption.js" */
/** @import { Word } from "./strings.js" */

const KINDS = /** @satisfies {Word[]} */ (["kindChest", "kindBone", "kindSkin", "kindCt"]);
const SIGNS = /** @satisfies {Word[]} */ ([
  "signCough",
  "signFever",
  "signBreath",
  "signPain",
  "signWeight",
  "signBlood",
  "signInjury",
]);
const AGE_WORDS = { years: "ageYears", months: "ageMonths" };

const caption = byId("caption");
const age = byId("about-age");
const unit = byId("about-unit");
const record = byId("about-record");
const sexes = { F: byId("about-f"), M: byId("about-m") };
/** @type {Map<string, HTMLButtonElement>} */
const chips = new Map();
/** @type {Unit} */
let chosenUnit = "years";
/** @type {Promise<{names: Set<string>, known: Set<string>}>|null} */
let words = null;

/** Show what the caption says now. */
export function showFacts() {
  const said = facts(caption.value);
  for (const sex of /** @type {Sex[]} */ (["F", "M"])) {
    sexes[sex].setAttribute("aria-pressed", String(said.sex === sex));
  }
  if (said.age) chosenUnit = said.unit;
  if (document.activeElement !== age) age.value = said.age;
  if (document.activeElement !== record) record.value = said.record;
  unit.textContent = t(chosenUnit === "years" ? "years" : "months");
  for (const [word, chip] of chips) chip.setAttribute("aria-pressed", String(has(caption.value, word)));
  warn();
}

/** For the next picture, begin with years again. */
export function forgetFacts() {
  chosenUnit = "years";
}

/** @param {string} next */
function write(next) {
  caption.value = next;
  caption.dispatchEvent(new Event("input"));
}

function writeAge() {
  const years = age.value.replace(/\D/gu, "");
  const key = /** @type {Word} */ (AGE_WORDS[chosenUnit]);
  write(withAge(caption.value, years && t(key, { n: years })));
}

/** Say so where the caption holds what looks like a name. */
async function warn() {
  words ??= import("./caption-words.js");
  const told = caption.value;
  const lists = await words.catch(() => null); // not fetched: the next letter tries again
  if (lists === null) words = null;
  if (told !== caption.value) return;
  const name = lists && givenAway(told, lists);
  const isNew = name && byId("name-warning").hidden;
  byId("name-warning").hidden = !name;
  byId("name-found").textContent = name ? t("looksLikeName", { name }) : "";
  if (isNew) caption.scrollIntoView({ block: "nearest" });
}

async function removeName() {
  const lists = await words;
  const name = lists && givenAway(caption.value, lists);
  if (name) write(without(caption.value, name));
  caption.focus();
}

for (const sex of /** @type {Sex[]} */ (["F", "M"])) {
  sexes[sex].addEventListener("click", () => {
    const isOn = sexes[sex].getAttribute("aria-pressed") === "true";
    write(withSex(caption.value, isOn ? null : sex));
  });
}
age.addEventListener("input", writeAge);
unit.addEventListener("click", () => {
  chosenUnit = chosenUnit === "years" ? "months" : "years";
  if (age.value) writeAge();
  showFacts();
});
record.addEventListener("input", () => write(withRecord(caption.value, record.value.trim())));
byId("name-remove").addEventListener("click", removeName);
for (const [place, keys] of /** @type {[string, Word[]][]} */ ([
  ["about-kinds", KINDS],
  ["about-signs", SIGNS],
])) {
  for (const key of keys) {
    const word = t(key);
    const onclick = () => write(withWord(caption.value, word));
    const traits = { type: "button", class: "chip", "aria-pressed": "false", onclick };
    chips.set(word, byId(place).appendChild(element("button", traits, word)));
  }
}
caption.addEventListener("input", showFacts);
