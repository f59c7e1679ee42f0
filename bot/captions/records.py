"""Record numbers in a caption: the patient's reference, and any other number of somebody."""

from bot.captions import words
from bot.captions.tokens import Line, Role

RECORD_DIGITS = 4
WEAK_DIGITS = 3
REPEATED_CHARS = 4
LONGEST_CHARS = 30
YEARS = range(1900, 2100)
_JOINTS = "-/_."
_SEX_LETTERS = words.LETTERS.keys() | words.SEXES.keys()


def find_references(line: Line) -> str | None:
    """Give roles to numbers behind a cue; the first that is the patient's own."""
    own: list[str] = []
    place = 0
    while place < len(line):
        found = _reference_at(line, place)
        if found is None:
            place += 1
            continue
        start, end = found
        value = line.text[line.tokens[start].start : line.tokens[end - 1].end]
        others = line.word(place) in words.OTHER_NUMBERS or _is_of_another(line, place)
        if not others and len(value) <= LONGEST_CHARS:
            own.append(value)
        line.give(Role.REFERENCE, place, end)
        _hide_repeats(line, value)
        place = end
    return own[0] if own else None


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
    end = _number_run(line, start)
    if not _is_value(line, start, end):
        return None
    run = line.tokens[start:end]
    digits = sum(len(token.text) for token in run if token.is_number)
    coded = run[0].text.startswith("0") or any(token.is_mark for token in run)
    patients = line.word(place) in words.PATIENT_REFERENCE
    certain = (announced and not bare) or (patients and coded)
    return (start, end) if certain or digits >= least else None


def _least_digits(line: Line, place: int) -> int | None:
    """How many digits make a number a record's behind this cue, None where there is no cue."""
    word = line.word(place)
    if not line.is_free(place) or line.word(place - 1) in words.BEDS | words.PHONES:
        return None
    if word in words.STRONG_REFERENCE:
        return 1
    if word in words.WEAK_REFERENCE | words.OTHER_NUMBERS:
        return WEAK_DIGITS
    if word in words.PATIENT_REFERENCE:
        return RECORD_DIGITS
    return 2 if _is_bare_cue(line, place) else None


def _is_bare_cue(line: Line, place: int) -> bool:
    """Whether a word or sign for "number" stands alone: `N° 445`, `no. 12`, `#12`."""
    if line.mark(place) == "#":
        return line.glued(place + 1)
    signed = line.mark(place + 1) in {"°", ":", "#", "."} and line.glued(place + 1)
    return signed and line.word(place) in words.NUMBER_WORDS


def _value_start(line: Line, place: int, *, announced: bool) -> tuple[int, bool]:
    """Skip what stands between a cue and its number; whether a word for "number" was there."""
    start = place + 1
    while start < len(line) and start - place < 8:
        sign, word = line.mark(start), line.word(start)
        glued_code = line.glued(start + 1) and line.mark(start + 1) not in {"°", ":", ".", "#", "'"}
        if sign and sign in ":.#°=-'":
            announced = announced or sign in ":#°="
        elif word in words.NUMBER_WORDS and not glued_code:
            announced = True
        elif not (word in words.FILLERS | words.STRONG_REFERENCE and not glued_code):
            capitals = line.tokens[start].text.isupper() and len(word) <= 4
            spaced = announced or line.word(place) in words.STRONG_REFERENCE
            if capitals and spaced and _is_code(line, start + 1):
                start += 1  # `ABH 5521`
            break
        start += 1
    return start, announced


def _is_code(line: Line, place: int) -> bool:
    number = line.number(place)
    return number is not None and not line.glued(place) and number >= 10 ** (RECORD_DIGITS - 1)


def _is_value(line: Line, start: int, end: int) -> bool:
    """Whether a run is a number of a record, and not `3 ans` behind a word for one."""
    if not any(line.tokens[place].is_number for place in range(start, end)):
        return False
    units = words.YEARS | words.MONTHS | words.WEEKS | words.DAYS
    alone = end - start == 1
    with_unit = end - start == 2 and line.word(end - 1) in units | {"f", "m", "h", "a"}
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
    if len(value) < REPEATED_CHARS:
        return
    for start in range(len(line)):
        end = _number_run(line, start) if line.is_free(start) else start
        if end > start and line.text[line.tokens[start].start : line.tokens[end - 1].end] == value:
            line.give(Role.PRIVATE, start, end)


def find_loose_numbers(line: Line) -> None:
    """Give the role of what is private to numbers that may be of a record, though none says so."""
    place = 0
    while place < len(line):
        end = _number_run(line, place) if line.is_free(place) else place
        if end > place and _looks_like_record(line, place, end):
            line.give(Role.PRIVATE, place, end)
        place = max(end, place + 1)


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
