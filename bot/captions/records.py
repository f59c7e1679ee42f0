"""Record numbers in a caption: the patient's reference, and any other number of somebody."""

from functools import lru_cache

from bot.captions import identifiers, words
from bot.captions.tokens import Line, Role
from bot.captions.vocabulary import is_listed, is_misspelt

RECORD_DIGITS = 4
WEAK_DIGITS = 3
REPEATED_CHARS = 4
LONGEST_CHARS = 30
MISSPELT_CHARS = 6
YEARS = range(1900, 2100)
_JOINTS = "-/_."
CUE_CHARS = 3
PHONE_DIGITS = 9
_OTHERS = (
    identifiers.OTHER_NUMBERS | identifiers.FILMS | identifiers.NO_RECORDS | identifiers.IDENTITY
)
CAPITALS = 4
ABBREVIATED = 6
_SKIPPED = identifiers.FILLERS | identifiers.STRONG_REFERENCE | words.listed("is est est e ne ce")
_MEASURES = frozenset(unit for unit in words.NUMBER_UNITS if len(unit) > 1) | {"g"}
_SEX_LETTERS = words.LETTERS.keys() | words.SEXES.keys()


def find_references(line: Line) -> str | None:
    """Give roles to numbers behind a cue; the first that is the patient's own."""
    own: list[str] = []
    registered: list[str] = []
    values: set[str] = set()
    place = 0
    while place < len(line):
        found = _reference_at(line, place)
        if found is None:
            place += 1
            continue
        start, end = found
        value = line.text[line.tokens[start].start : line.tokens[end - 1].end]
        phone = _is_bare_cue(line, place) and value.isdecimal() and len(value) >= PHONE_DIGITS
        others = phone or _is_other_number(line, place) or _is_of_another(line, place)
        if not others and len(value) <= LONGEST_CHARS:
            own.append(value)
        if _is_registered(line, place, start, end):
            registered.append(value)
        line.give(Role.REFERENCE, place - 2 * _is_slashed_cue(line, place), end)
        if len(value) >= REPEATED_CHARS and value not in values:
            _hide_repeats(line, value)
        values.add(value)
        place = end
    return next(iter([*own, *registered]), None)


def _is_slashed_cue(line: Line, place: int) -> bool:
    """`H/N 889123`."""
    return line.word(place) == "n" and line.mark(place - 1) == "/" and line.word(place - 2) == "h"


def _is_registered(line: Line, place: int, start: int, end: int) -> bool:
    """`ART No LAG/0047/19`, `X-ray No. R2406-188`: the code of a register; not `x-ray no 3321`."""
    beside = {line.word(place), line.word(place - 1)} & _OTHERS
    run = line.tokens[start:end]
    lettered = any(token.is_word and token.text.isupper() for token in run)
    joined = run[0].is_word or any(token.is_mark for token in run)
    coded = lettered and joined and not beside - identifiers.REGISTERS - {"x"}
    own = line.word(place) not in identifiers.CODES and not _is_of_another(line, place)
    return bool(beside) and coded and own


def _is_other_number(line: Line, place: int) -> bool:
    """`lab no 12`, `code ARV`, `X-ray no 3321`; not `code patient`, `ANC no 1183`."""
    after = place + 1 + (line.word(place + 1) in words.CARRIES)
    near = {line.word(place), line.word(place - 1)}
    if line.word(place) in identifiers.CODES:
        near = {line.word(after), line.word(place - 1)}
    return not near.isdisjoint(_OTHERS)


def reference_typed(text: str) -> str | None:
    """A record number that was typed as an answer, with or without a word for it."""
    line = Line(text)
    reference = find_references(line)
    typed = " ".join(text.split())
    is_number = len(typed) <= LONGEST_CHARS and any(char.isdigit() for char in typed)
    return reference or (typed if is_number and len(typed.split()) == 1 else None)


def _number_run(line: Line, start: int) -> int:
    """Where a run of letters, digits and joints ends, that all touch: `AB-12/2024`."""
    end = start
    while end < len(line) and (end == start or line.glued(end)) and not line.role(end):
        if line.mark(end) and line.mark(end) not in _JOINTS:
            break
        if line.mark(end) == "/" and line.word(end + 1) in _SEX_LETTERS:
            break
        end += 1
    while end > start and line.mark(end - 1):
        end -= 1
    return end


def _reference_at(line: Line, place: int) -> tuple[int, int] | None:
    """Where the number behind a cue begins and ends."""
    least = _least_digits(line, place)
    if least is None:
        return None
    bare = _is_bare_cue(line, place)
    start, announced = _value_start(line, place, announced=bare)
    start += _is_passed(line, place, start)
    named = identifiers.STRONG_REFERENCE | identifiers.WEAK_REFERENCE - identifiers.DATED
    lettered = (announced or line.word(place) in named) and _is_lettered(line, start)
    end = _number_run(line, start + lettered)
    end = _grouped_end(line, start, end)
    is_year = end == start + 1 and line.number(start) in YEARS and not announced
    if line.word(place + 1) in identifiers.RANGES or _is_measured(line, end):
        return None
    if not _is_value(line, start, end) or (is_year and line.word(place) in identifiers.DATED):
        return None
    run = line.tokens[start:end]
    digits = sum(len(token.text) for token in run if token.is_number)
    coded = run[0].text.startswith("0") or any(token.is_mark for token in run)
    patients = line.word(place) in identifiers.PATIENT_REFERENCE
    counted = not patients or digits > 3 or line.mark(start - 1) != ":"  # not `Patient: 51 / F`
    if line.word(place) in identifiers.SOFT_REFERENCE:
        long = digits >= RECORD_DIGITS and not (end == start + 1 and line.number(start) in YEARS)
        return (start, end) if long or (announced and digits >= WEAK_DIGITS) else None
    certain = (announced and not bare and counted) or (patients and coded)
    return (start, end) if certain or digits >= least else None


def _is_measured(line: Line, end: int) -> bool:
    """Whether a unit follows a number: `12 g`; not `ref 0047 G-00`."""
    if line.word(end) not in _MEASURES:
        return False
    run = line.tokens[end : _number_run(line, end)]
    return not any(token.is_number for token in run)


def _grouped_end(line: Line, start: int, end: int) -> int:
    """Behind groups of digits that are one number: `Utente: 45 21`."""
    grouped = end == start + 1 and line.mark(start - 1) == ":" and line.number(start) is not None
    more = line.number(end) is not None and len(line.tokens[end].text) > 1
    return end + 1 if grouped and more and line.ends(end + 1) else end


def _least_digits(line: Line, place: int) -> int | None:
    """How many digits make a number a record's behind this cue, None where there is no cue."""
    word = line.word(place)
    if not line.is_free(place) or line.word(place - 1) in words.BEDS | identifiers.PHONES:
        return None
    if word in identifiers.WEAK_REFERENCE | identifiers.OTHER_NUMBERS | identifiers.CODES:
        return WEAK_DIGITS
    ward = word in {"er", "ed"} or (word == "e" and line.mark(place - 1) == "&")  # `A&E 0412`
    if word in identifiers.PATIENT_REFERENCE or ward:
        return RECORD_DIGITS
    medical_record = word == "mr" and line.mark(place + 1) == "#"
    known = word in identifiers.STRONG_REFERENCE or _is_misspelt_cue(word)
    if known or medical_record or _is_slashed_cue(line, place):
        return 1
    if _is_bare_cue(line, place):
        return 2
    return WEAK_DIGITS if _is_unnamed_cue(line, place) else None


def _is_unnamed_cue(line: Line, place: int) -> bool:
    """`ANC no 1183`: the number of something that is none of the words for a record."""
    of_somebody = words.KIN.keys() | words.CAREGIVER | words.RELATIVES | words.THEIRS | words.MY
    dotted = line.mark(place - 1) == "." and line.glued(place - 1)  # `Mat. no 556`
    before = line.word(place - 1 - dotted)
    short = not dotted or (len(before) < ABBREVIATED and line.tokens[place - 2].is_capital)
    year = line.number(place + 1) in YEARS
    numbered = line.word(place) in {"no", "num", "number"} and (
        line.number(place + 1) is not None or _is_code(line, place + 1)
    )
    if before and short and not line.tokens[place].breaks:
        return numbered and not year and before not in of_somebody
    number = line.tokens[place + 1].text if numbered else ""
    return len(number) >= RECORD_DIGITS and line.begins(place) and line.ends(place + 2)


def _is_code(line: Line, place: int) -> bool:
    """`IVU-223/24`, `CAS/5512`: capitals, a joint and a number of a register."""
    capitals = place < len(line) and line.word(place) and line.tokens[place].text.isupper()
    joined = line.glued(place + 1) and line.mark(place + 1) in {"/", "-"} and line.glued(place + 2)
    if not (capitals and joined) or line.glued(place):
        return False
    run = line.tokens[place : _number_run(line, place)]
    return any(token.is_number and len(token.text) >= WEAK_DIGITS for token in run)


@lru_cache(maxsize=4096)
def _is_misspelt_cue(word: str) -> bool:
    """`refrence`, `dosier`."""
    if len(word) < MISSPELT_CHARS or is_listed(word):
        return False
    cues = (cue for cue in identifiers.STRONG_REFERENCE if len(cue) >= MISSPELT_CHARS)
    return any(cue[0] == word[0] and is_misspelt(word, cue) for cue in cues)


def _is_bare_cue(line: Line, place: int) -> bool:
    """Whether a word or sign for "number" stands alone: `N° 445`, `no. 12`, `#12`."""
    if line.mark(place) == "#":
        return line.glued(place + 1)
    signed = line.mark(place + 1) in {"°", ":", "#", "."} and line.glued(place + 1)
    return signed and line.word(place) in identifiers.NUMBER_WORDS


def _value_start(line: Line, place: int, *, announced: bool) -> tuple[int, bool]:
    """Skip what stands between a cue and its number; whether a word for "number" was there."""
    start = place + 1
    while start < len(line) and start - place < 8:
        sign, word = line.mark(start), line.word(start)
        glued_code = line.glued(start + 1) and line.mark(start + 1) not in {"°", ":", ".", "#", "'"}
        glued_code = glued_code and not (
            len(word) >= CUE_CHARS and line.number(start + 1) is not None
        )
        if sign == "." and _ends_there(line, place, start):
            break
        if sign and sign in ":.#°=-'(/[":
            announced = announced or sign in ":#°="
        elif word in identifiers.NUMBER_WORDS and not glued_code:
            announced = True
        elif not (word in _SKIPPED and not glued_code):
            break
        start += 1
    return start, announced


def _ends_there(line: Line, place: int, stop: int) -> bool:
    """`seen at the clinic. 9/12 f`; not `Hosp. 4471`."""
    whole = line.word(place) in identifiers.DATED and len(line.word(place)) > CAPITALS
    return whole and stop == place + 1 and not line.glued(stop + 1)


def _is_passed(line: Line, place: int, word: int) -> bool:
    """Whether a word stands between a cue and its code: `dossier pédiatrie 3312/26`."""
    number = line.tokens[word + 1].text if line.number(word + 1) is not None else ""
    coded = line.mark(word + 2) in {"/", "-"} and line.glued(word + 2) and line.glued(word + 3)
    parted = bool(number) and not line.glued(word + 1) and (coded or len(number) >= RECORD_DIGITS)
    other = words.PERSON | words.VITALS | words.AGE_CUES | words.UNITS_FIRST | _SEX_LETTERS
    counts = line.word(word + 2) in words.NUMBER_UNITS or line.number(word + 1) in YEARS
    long = len(line.word(word)) > CAPITALS and line.word(word) not in other
    return line.word(place) in identifiers.STRONG_REFERENCE and parted and long and not counts


def _is_lettered(line: Line, place: int) -> bool:
    """Whether letters and a number apart from them are one: `ref ABH 5521`, `fiche UB 052`."""
    token = line.tokens[place] if place < len(line) else None
    if token is None or not token.text.isupper() or len(token.word) > CAPITALS:
        return False
    number = line.tokens[place + 1] if line.number(place + 1) is not None else None
    if number is None or is_listed(token.word) or token.word in _SEX_LETTERS | words.VITALS:
        return False
    padded = number.text.startswith("0") and len(number.text) >= WEAK_DIGITS
    return not number.glued and (padded or len(number.text) >= RECORD_DIGITS)


def _is_value(line: Line, start: int, end: int) -> bool:
    """Whether a run is a number of a record, and not `3 ans` behind a word for one."""
    if not any(line.tokens[place].is_number for place in range(start, end)):
        return False
    if line.word(start) in words.AGE_CUES | words.SEX_LABELS:
        return False  # `patient age-8`
    parted = line.mark(start - 1) == line.mark(start + 1) == "/"
    if parted and line.word(start) in _SEX_LETTERS:
        return False  # `OPD/F/30`
    units = words.YEARS | words.MONTHS | words.WEEKS | words.DAYS
    alone = end - start == 1
    with_unit = end - start == 2 and line.word(end - 1) in units | _MEASURES | {"f", "m", "h", "a"}
    return not (alone and line.word(end) in units) and not with_unit


def _is_of_another(line: Line, place: int) -> bool:
    """Whether a number is of somebody whom the patient is related to: `brother of patient 0034`."""
    for before in range(place - 1, max(-1, place - 6), -1):
        if line.mark(before) in {",", ";", ".", ":"} or line.tokens[before].is_number:
            return False
        related = line.word(before) in words.RELATIVES
        if related and (
            line.word(before) in {"uwan", "uwar"} or line.word(before + 1) in words.CARRIES
        ):
            return True
    return False


def _hide_repeats(line: Line, value: str) -> None:
    for start in range(len(line)):
        end = _number_run(line, start) if line.is_free(start) else start
        if end > start and line.text[line.tokens[start].start : line.tokens[end - 1].end] == value:
            line.give(Role.PRIVATE, start, end)


def find_loose_numbers(line: Line) -> str | None:
    """Give the role of what is private to numbers that may be of a record, though none says so.

    Returns:
        The only one with a clinic's letters before a stroke, as `LUTH/9917/23`; None otherwise.
    """
    coded: list[str] = []
    place = 0
    while place < len(line):
        end = _number_run(line, place) if line.is_free(place) else place
        if end > place and _looks_like_record(line, place, end):
            of_clinic = len(line.word(place)) > 1 and line.mark(place + 1) == "/"
            if of_clinic and _is_code(line, place):
                coded.append(line.text[line.tokens[place].start : line.tokens[end - 1].end])
            line.give(Role.PRIVATE, place, end)
        place = max(end, place + 1)
    return coded[0] if len(coded) == 1 else None


def _looks_like_record(line: Line, start: int, end: int) -> bool:
    lengths = [len(token.text) for token in line.tokens[start:end] if token.is_number]
    if not lengths or line.word(start - 1) in words.VITALS or line.word(end) in words.NUMBER_UNITS:
        return False
    if end - start == 1:
        is_year = line.number(start) in YEARS
        measured = line.mark(end) in {"/", "%"} and line.glued(end)
        return lengths[0] >= RECORD_DIGITS and not is_year and not measured
    numbers = [token.text for token in line.tokens[start:end] if token.is_number]
    is_long = any(len(each) >= RECORD_DIGITS and int(each) not in YEARS for each in numbers)
    return is_long or sum(lengths) >= RECORD_DIGITS + 2
