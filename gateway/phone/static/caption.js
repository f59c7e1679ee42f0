/**
 * A caption's words: who the patient is, and what gives a person away.
 *
 * Knows how captions are written in English, French, Portuguese and Hausa, less well than the bot,
 * which reads them anew. Must not know the page. Changing one thing leaves the rest as it was typed.
 */

const EDGE = "(?<![\\p{L}\\p{N}])";
const END = "(?![\\p{L}\\p{N}/])";
const FEMALE = "f|fem|female|woman|girl|lady|femme|fille|féminin|feminino|mulher|menina|mace|yarinya";
const MALE = "m|h|masc|male|man|boy|homme|garçon|masculin|masculino|homem|menino|namiji|yaro";
const YEARS = "y|yr|yrs|yo|y/o|years?(?: old)?|ans?|anos?|a";
const MONTHS = "months?(?: old)?|mths?|mois|meses|mês";
const REFERENCE = "ref|réf|reference|record|dossier|reg|file|hosp(?:ital)? no|n°|no\\.";

const START = "(?:^|[,;.:(]\\s*)";
const SEX = `(?<female>${FEMALE})|(?<male>${MALE})`;
const AGED = `(?<years>\\d{1,3})[ -]?(?:${YEARS})|(?<months>\\d{1,2})[ -]?(?:${MONTHS})`;
const HAUSA_AGED = "shekar[au] (?<shekara>\\d{1,3})|wata(?:nni)? (?<wata>\\d{1,2})";
const AFTER_YEARS = `(?<!\\d ?(?:${YEARS})[ ,]*(?:and|et|e|da)? ?)`;
const AND_MONTHS = `(?![ ,]*(?:and|et|e|da)?\\s*\\d+\\s*(?:${MONTHS}|mo|m)\\b|[ ,]*(?:da|et|e|and) (?:wata|rabi|demi|meio|half))`;
/** Who the patient is, as captions begin or a comma parts it; `2 months` of a cough is no age. */
const PERSONS = [
  `${EDGE}(?<sex>${SEX})[ ,/:]*(?:d[ae] )?(?<age>${AGED}|${HAUSA_AGED})${END}${AND_MONTHS}`,
  `${EDGE}${AFTER_YEARS}(?<age>${AGED}|${HAUSA_AGED})[ ,/]*(?<sex>${SEX})${END}`,
  `${START}(?<sex>${SEX})[ ,/:]*(?<age>(?<bare>\\d{1,3}))(?! ?(?:${YEARS}|${MONTHS})${END})${END}${AND_MONTHS}`,
  `${START}(?<age>(?<bare>\\d{1,3}))[ ,/]*(?<sex>${SEX})${END}`,
  `^\\s*(?<age>${AGED}|${HAUSA_AGED})${END}${AND_MONTHS}(?=\\s*(?:[,;.]|$))`,
  `(?:^|[,;])\\s*(?<sex>${SEX})${END}(?=\\s*(?:[,;.]|$))`,
].map((each) => new RegExp(each, "diu"));
const OLDEST_IN_MONTHS = 24; // `18 m` is a male of 18, or 18 months: the bot asks
const RECORD = new RegExp(`${EDGE}(?:${REFERENCE})[ .:#=]*([\\p{L}\\p{N}/-]*\\d[\\p{L}\\p{N}/-]*)`, "iu");
const TELEPHONE = /(?<![\p{L}\p{N}/-])(?:\+|00)?\d(?:[ .-]?\d){7,13}(?![\p{L}\p{N}])/u;
const CALLS = /(?<=\b(?:tel|phone|telem[oó]vel|telefone|t[eé]l[eé]phone|waya|whatsapp)[ .:]*)\d(?:[ .-]?\d){5,13}/iu;
const TITLES =
  "mr|mrs|ms|miss|madame?|mme|mlle|monsieur|sra?|dona|dom|malama?|mallam|alhaji|hajiya|pastor|imam";
const CALLED = "name|names|nom|noms|prénom|prenom|nome|suna|sunan|sunansa|sunanta|surname|patient name";
const CAPITAL = "\\p{Lu}[\\p{L}'’-]+";

/** @typedef {"F"|"M"} Sex */
/** @typedef {"years"|"months"} Unit */
/** @typedef {[number, number]|undefined} Span Where it stands in the caption. */

/**
 * What a caption says of the patient, as far as it is plain.
 *
 * @param {string} caption
 * @returns {{sex: Sex|null, age: string, unit: Unit, record: string, sexAt: Span, ageAt: Span}}
 */
export function facts(caption) {
  const match = PERSONS.map((each) => each.exec(caption)).find(Boolean);
  const said = match?.groups ?? {};
  const months = said.months ?? said.wata;
  const years = said.years ?? said.shekara ?? said.bare;
  const m = match?.indices?.groups?.sex ?? [0, 0];
  const afterNumber = /\d ?$/u.test(caption.slice(0, m[0])) && said.male?.toLowerCase() === "m";
  const isPlain = match && !(afterNumber && Number(said.bare) <= OLDEST_IN_MONTHS);
  return {
    sex: isPlain ? (said.female ? "F" : said.male ? "M" : null) : null,
    age: (isPlain && (months ?? years)) || "",
    unit: months ? "months" : "years",
    record: RECORD.exec(caption)?.[1] ?? "",
    sexAt: isPlain ? match.indices?.groups?.sex : undefined,
    ageAt: isPlain ? match.indices?.groups?.age : undefined,
  };
}

/**
 * The caption with another sex, null for none.
 *
 * @param {string} caption
 * @param {Sex|null} sex
 */
export function withSex(caption, sex) {
  const { sexAt } = facts(caption);
  if (sexAt) return put(caption, sexAt, sex ?? "");
  return sex ? joined(sex, caption) : caption;
}

/**
 * The caption with another age, as it is worded; empty for none.
 *
 * @param {string} caption
 * @param {string} words
 */
export function withAge(caption, words) {
  const { ageAt, sexAt } = facts(caption);
  if (ageAt) return put(caption, ageAt, words);
  const at = sexAt?.[1] ?? 0;
  return words ? joined(joined(caption.slice(0, at), words), caption.slice(at)) : caption;
}

/**
 * The caption with another record number; empty for none.
 *
 * @param {string} caption
 * @param {string} number
 */
export function withRecord(caption, number) {
  const words = number ? `ref ${number}` : "";
  const at = spanOf(RECORD.exec(caption));
  return at ? put(caption, at, words) : joined(caption, words);
}

/**
 * The caption with a word, or without it where it has it.
 *
 * @param {string} caption
 * @param {string} word
 */
export function withWord(caption, word) {
  const at = spanOf(pattern(word).exec(caption));
  return at ? put(caption, at, "") : joined(caption, word);
}

/**
 * The caption without some words of it.
 *
 * @param {string} caption
 * @param {string} words
 */
export function without(caption, words) {
  const start = caption.indexOf(words);
  return start < 0 ? caption : put(caption, [start, start + words.length], "");
}

/** @param {string} caption @param {string} word */
export function has(caption, word) {
  return pattern(word).test(caption);
}

/**
 * The first words that look like a name or a telephone number, null for none.
 *
 * @param {string} caption
 * @param {{names: Set<string>, known: Set<string>}} words Names, and words of captions that are none;
 *   in lower case, without accents.
 */
export function givenAway(caption, { names, known }) {
  const telephone = TELEPHONE.exec(caption) ?? CALLS.exec(caption);
  if (telephone) return telephone[0];
  const called = new RegExp(`${EDGE}(?:${CALLED})\\s*[:=]\\s*((?:${CAPITAL}[ ]?){1,4})`, "iu").exec(caption);
  if (called) return called[1].trim();
  const titled = new RegExp(`${EDGE}(?:${TITLES})\\.?\\s+(${CAPITAL}(?: ${CAPITAL})*)`, "iu").exec(caption);
  if (titled && /^\p{Lu}/u.test(titled[1])) return titled[1];
  for (const row of caption.matchAll(new RegExp(`${EDGE}${CAPITAL}(?:[ ]${CAPITAL})*`, "gu"))) {
    const name = nameIn(row[0].split(" "), names, known);
    if (name) return name;
  }
  return null;
}

/**
 * @param {string[]} row Capitalised words that stand together.
 * @param {Set<string>} names
 * @param {Set<string>} known
 */
function nameIn(row, names, known) {
  const unknown = row.filter((word) => !known.has(plain(word)) && !isShort(word));
  const listed = unknown.some((word) => names.has(plain(word)));
  const loud = row.every((word) => word === word.toUpperCase());
  return listed || (unknown.length > 1 && !loud) ? unknown.join(" ") : null;
}

/** @param {string} word */
function isShort(word) {
  return word.length < 4 && word === word.toUpperCase(); // an abbreviation
}

/** @param {string} word */
function plain(word) {
  return word.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[’']/gu, "'");
}

/** @param {string} word */
function pattern(word) {
  return new RegExp(`${EDGE}${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}${END}`, "iu");
}

/** @param {RegExpExecArray|null} match @returns {Span} */
function spanOf(match) {
  return match ? [match.index, match.index + match[0].length] : undefined;
}

/**
 * Put words in a place; without words, the comma beside goes too.
 *
 * @param {string} caption
 * @param {[number, number]} place
 * @param {string} words
 */
function put(caption, [start, end], words) {
  if (words) return caption.slice(0, start) + words + caption.slice(end);
  return joined(caption.slice(0, start).replace(/[\s,]+$/u, ""), caption.slice(end));
}

/** @param {string} one @param {string} two */
function joined(one, two) {
  return [one.trim(), two.replace(/^[\s,]+/u, "").trimEnd()].filter(Boolean).join(", ");
}
