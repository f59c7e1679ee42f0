"""What identifies somebody in a caption: record numbers, phone numbers, names, dates of birth.

Takes rather too much than too little: a word too few in the prompt costs less than a name in it.
"""

from bot.captions import identifiers, words
from bot.captions.names import find_names
from bot.captions.numbers import is_part
from bot.captions.records import YEARS, find_loose_numbers, find_references
from bot.captions.tokens import Line, Role
from bot.captions.vocabulary import is_listed

PHONE_DIGITS = 8
"""So many digits in a row are a phone number, whatever stands before them."""
CUED_PHONE_DIGITS = 6
STREET_WORDS = 5
DAYS, MONTHS = 31, 12
OF_BIRTH = range(1900, 2016)
"""A whole date of these years is taken for one of birth, though nothing says so."""
_PLACES = identifiers.STREETS | identifiers.ADDRESSES
_WITHIN = identifiers.STREETS | identifiers.NUMBER_WORDS | words.CARRIES
_WHO = words.PERSON | words.LETTERS.keys()
_CUE_MARKS = ":.#°=-"


def find_private(line: Line) -> str | None:
    """Give roles to all that identifies somebody.

    Returns:
        The patient's record number, None where none is clear.
    """
    _find_addresses(line)
    _find_streets(line)
    reference = find_references(line)
    _find_dates(line)
    _find_phones(line)
    loose = find_loose_numbers(line)
    find_names(line)
    return reference or loose


def _find_addresses(line: Line) -> None:
    """`ada.obi@gmail.com`, `ada @ yahoo.fr`, `ada at gmail dot com`, `@ada_obi`, `www.ada.org`."""
    for place in range(len(line)):
        if line.word(place) in identifiers.WEB:
            line.give(Role.PRIVATE, place, _run_end(line, place))
        elif line.word(place) in identifiers.MAIL and line.word(place - 1) in identifiers.AT:
            line.give(Role.PRIVATE, _run_start(line, place - 1), _run_end(line, place))
        elif line.mark(place) == "@" and _is_host(line, place + 1):
            line.give(Role.PRIVATE, _run_start(line, place), _run_end(line, place + 1))


def _is_host(line: Line, place: int) -> bool:
    """Whether what follows an `@` is a name, and no time: `@gmail.com`, `@ada`, not `@ night`."""
    end = _run_end(line, place)
    dotted = any(line.mark(each) == "." for each in range(place, end))
    return bool(line.word(place)) and (dotted or line.glued(place))


def _find_streets(line: Line) -> None:
    """`no. 22 Mosque Road`, `rue KK-28 porte 310`, `villa 214 Sicap Liberté`."""
    for place in range(len(line)):
        if not line.is_free(place) or line.word(place) not in _PLACES or _is_coded(line, place):
            continue
        start, end = _street_start(line, place), place + 1
        if line.word(place) in identifiers.HOUSES | identifiers.ADDRESSES:
            end = _street_end(line, place + 1)
        numbered = any(line.number(each) is not None for each in range(start, end))
        named = any(line.tokens[each].is_capital for each in range(start, end) if each != place)
        addressed = named and line.word(place) in identifiers.ADDRESSES
        if addressed or (numbered and named) or (named and start < place):
            line.give(Role.PRIVATE, start, end)


def _is_coded(line: Line, place: int) -> bool:
    """Whether letters begin a code: `AV-0047` is a record number."""
    joint = line.mark(place + 1) in {"-", "/"} and line.glued(place + 1)
    after = place + 1 + joint
    return line.glued(after) and line.number(after) is not None


def _street_start(line: Line, place: int) -> int:
    """Where the name and the number before `Road` begin."""
    start = place
    while start > 0 and place - start < STREET_WORDS and not line.tokens[start].breaks:
        token = line.tokens[start - 1]
        numbers = token.is_number or token.word in identifiers.NUMBER_WORDS
        if not (token.is_capital or numbers or (token.text == "." and token.glued)):
            break
        start -= 1
    return start


def _street_end(line: Line, place: int) -> int:
    """Where the number and the name behind `rue` end."""
    end = place
    while end < len(line) and end - place < 2 * STREET_WORDS and not line.tokens[end].breaks:
        token = line.tokens[end]
        joins = token.is_mark and (
            (token.text in "-'°/" and token.glued) or (end == place and token.text in ":.")
        )
        led = end == place or line.word(end - 1) in words.CARRIES  # `Rua da Praia`
        named = token.is_capital and (led or not is_listed(token.word)) and token.word not in _WHO
        if not (token.is_number or named or joins or token.word in _WITHIN):
            break
        end += 1
    return end


def _run_start(line: Line, place: int) -> int:
    """Where the run of touching tokens before a place begins, also behind a space."""
    start = place - 1 if place and not line.tokens[place].breaks else place
    while start > 0 and line.glued(start):
        start -= 1
    return max(start, 0)


def _run_end(line: Line, place: int) -> int:
    """Where the run of touching tokens behind a place ends, also behind a space."""
    end = place
    while end < len(line) and (line.glued(end) or end == place):
        end += 1
    while line.word(end) in {"dot", "point", "ponto"} and line.word(end + 1):
        end += 2
    while end > place and line.mark(end - 1) and line.mark(end - 1) in ".,;:)":
        end -= 1
    return end


def _find_dates(line: Line) -> None:
    """Dates are no ages; a date of birth identifies its patient."""
    for start in range(len(line)):
        end = _date_end(line, start) if line.is_free(start) else 0
        if end:
            cue = _birth_cue(line, start)
            old = (line.number(start + 4) or 0) in OF_BIRTH
            role = Role.PRIVATE if old or cue is not None else Role.CODE
            line.give(role, start if cue is None else cue, end)
    for start in range(len(line)):
        year = line.number(start)
        if line.is_free(start) and year in YEARS and (cue := _birth_cue(line, start)) is not None:
            line.give(Role.PRIVATE, cue, start + 1)


def _date_end(line: Line, start: int) -> int:
    """Where a date such as `12/03/1980` ends, 0 where there is none."""
    joint = line.mark(start + 1)
    is_date = (
        joint in {"/", "-", "."}
        and line.mark(start + 3) == joint
        and all(line.glued(start + step) for step in range(1, 5))
        and all(line.number(start + step) is not None for step in (0, 2, 4))
        and not (line.glued(start) and line.mark(start - 1) in {"/", "-"})
        and not is_part(line, start)
        and _is_calendar(line, start)
        and all(len(line.tokens[start + step].text) in {1, 2, 4} for step in (0, 2, 4))
        and len(line.tokens[start + 2].text) <= 2
        and not (line.mark(start + 5) == joint and line.glued(start + 6))  # a phone: `70.11.22.33`
    )
    return start + 5 if is_date else 0


def _is_calendar(line: Line, start: int) -> bool:
    """Whether three numbers can be a day, a month and a year: not `55-21-09`."""
    first, month, last = (line.number(start + step) or 0 for step in (0, 2, 4))
    days = {first, month} if first <= DAYS else {last, month}
    return max(days) <= DAYS and min(days) <= MONTHS


def _birth_cue(line: Line, place: int) -> int | None:
    """Where the words before a date begin that make it one of birth."""
    start, cue = place, None
    while start > 0 and place - start < 6:
        start -= 1
        if line.word(start) in identifiers.BIRTH_CUES:
            cue = start
        elif _is_dotted_birth(line, start):
            cue = start = start - 4
        elif not (
            line.word(start) in identifiers.BIRTHS | words.MONTH_NAMES
            or line.mark(start) in {":", ".", "="}
            or (line.number(start) or 99) < 32  # the day of a month
        ):
            break
    return cue


def _is_dotted_birth(line: Line, place: int) -> bool:
    """`d.o.b 1/1/75`: the place of its last letter."""
    letters = [line.word(each) for each in (place - 4, place - 2, place)]
    return letters == ["d", "o", "b"] and line.mark(place - 1) == line.mark(place - 3) == "."


def _find_phones(line: Line) -> None:
    for start in range(len(line)):
        if line.is_free(start) and (line.number(start) is not None or line.mark(start) == "+"):
            _take_phone(line, start)


def _take_phone(line: Line, start: int) -> None:
    end = _digits_end(line, start)
    count = sum(
        len(line.tokens[place].text) for place in range(start, end) if _is_digits(line, place)
    )
    cue = _phone_cue(line, start)
    if count >= (PHONE_DIGITS if cue is None else CUED_PHONE_DIGITS) and not _is_cued(line, start):
        line.give(Role.PRIVATE, start if cue is None else cue, end)


def _digits_end(line: Line, start: int) -> int:
    """Where a run of groups of digits ends: `+223 76-12-34-56`."""
    end = start + (line.mark(start) == "+")
    while _is_digits(line, end) and (end == start or len(line.tokens[end].text) > 1):
        after = end + 1
        if line.mark(after) == "(" and _is_digits(line, after + 1):
            after += 1  # `+233 (0)24`
        if line.mark(after) in {"-", ".", ")"} and _is_digits(line, after + 1):
            after += 1
        if after >= len(line) or not _is_digits(line, after) or line.tokens[after].breaks:
            return end + 1
        if len(line.tokens[after].text) >= PHONE_DIGITS and line.mark(start) != "+":
            return end + 1  # the number begins there
        end = after
    while end > start and not _is_digits(line, end - 1):
        end -= 1
    return end


def _is_digits(line: Line, place: int) -> bool:
    return line.is_free(place) and line.number(place) is not None


def _phone_cue(line: Line, start: int) -> int | None:
    """Where the words that announce a phone number begin."""
    place = start - 1
    while place >= max(0, start - 4):
        if line.word(place) in identifiers.PHONES:
            before = line.word(place - 1) in {"lambar", "lamba", "numero", "n", "no"}
            return place - before
        if line.tokens[place].is_number or line.mark(place) in {",", ";"}:
            return None
        place -= 1
    return None


def _is_cued(line: Line, start: int) -> bool:
    """Whether a number stands behind a word for a record number, and not for a phone."""
    place = start - 1
    while (line.mark(place) and line.mark(place) in _CUE_MARKS) or (
        line.word(place) in identifiers.NUMBER_WORDS | identifiers.FILLERS
    ):
        place -= 1
    return line.word(place) in identifiers.STRONG_REFERENCE | identifiers.WEAK_REFERENCE
