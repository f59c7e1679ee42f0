"""Names of people in a caption: behind a cue or a title, and where two capitals stand in a row."""

from bot.captions import identifiers, words
from bot.captions.tokens import Line, Role
from bot.captions.vocabulary import is_given_name, is_known, is_listed, is_name

NAME_WORDS = 5
ABBREVIATION_CHARS = 3
MOST_YEARS = 120
_CUES = (
    identifiers.STRONG_REFERENCE
    | identifiers.WEAK_REFERENCE
    | identifiers.OTHER_NUMBERS
    | identifiers.TITLES
    | words.BEDS
    | words.VITALS
    | words.CAREGIVER
    | words.KIN.keys()
    | words.UNITS_FIRST
    | words.NUMBERS.keys()
    | identifiers.CALLED
)
_LABELS = (
    words.AGE_CUES
    | identifiers.NAMES
    | identifiers.PHONES
    | words.PERSON
    | identifiers.BIRTH_CUES
    | words.PRONOUNS.keys()
    | words.FIRST_PERSON
    | words.YEARS_BEFORE
    | words.MONTHS_BEFORE
    | words.LETTERS.keys()
    | words.listed("sex sexe sexo jinsi gender")
)


def find_names(line: Line) -> None:
    """Give the role of what is private to names, and to the cues before them."""
    shouted = all(
        token.text.isupper() for token in line.tokens if len(token.text) > 2 and token.is_word
    )
    place = 0
    while place < len(line):
        end = _name_at(line, place, shouted=shouted)
        if end:
            line.give(Role.PRIVATE, place, end)
        place = max(end, place + 1)


def _name_at(line: Line, place: int, *, shouted: bool) -> int:
    """Where a name that begins here ends, with its cue or title; 0 where none begins."""
    if not line.is_free(place) or not line.word(place):
        return 0
    if line.word(place) in identifiers.NAMES | identifiers.CALLED:
        return _named_end(line, place)
    if line.word(place) in identifiers.TITLES or (
        line.word(place) == "m" and line.mark(place + 1) == "."
    ):
        return _titled(line, place)
    small = place + 1 if _is_signature(line, place) else _small_end(line, place)
    if small:
        return small
    end = _capitals_end(line, place)
    called = [line.word(each) for each in range(place, end) if line.word(each)]
    has_name = any(map(is_name, called)) or _is_behind_person(line, place, end)
    if shouted and not has_name:
        first = len(called) > 1 and line.begins(place)  # `YEBOAH REXFORD M 40`
        return end if first and _is_before_age(line, end) else 0
    return end if len(called) > 1 or has_name or _is_of_kin(line, place) else 0


def _is_signature(line: Line, place: int) -> bool:
    """`merci, Rasmata`, `Sekinat here`: the last word, behind thanks, or the first."""
    if place == 0 and line.word(1) in words.HERE and line.ends(2):
        return _may_be_name(line, place)
    parted = bool(line.mark(place - 1)) or line.tokens[place].breaks
    before = place - 1 - bool(line.mark(place - 1))
    thanked = parted and line.word(before) in identifiers.THANKS
    return thanked and place == len(line) - 1 and _may_be_name(line, place)


def _is_initial(line: Line, place: int) -> bool:
    """`J. Tetteh`; not `E. coli`, `M. Tuberculosis`, `age 14 F. Lep`."""
    after = place + 2
    sexed = line.word(place) in words.LETTERS
    if sexed or after >= len(line) or not line.tokens[after].is_capital:
        return False
    word = line.word(after)
    return len(word) > 2 and not is_known(word) and line.tokens[after].text[1:].islower()


def _is_behind_person(line: Line, place: int, end: int) -> bool:
    """`enfant Akissi 5 ans`, `Enf. Nelson`: one capital in small letters, behind who it is."""
    if end <= place or line.begins(place):
        return (
            line.mark(place - 1) == "."
            and line.glued(place - 1)
            and (line.word(place - 2) in identifiers.TITLES and end > place)
        )
    token = line.tokens[place]
    return line.word(place - 1) in words.PERSON | words.KIN.keys() and token.text[1:].islower()


def _is_of_kin(line: Line, place: int) -> bool:
    """`baby of Esther`, `B/O Esther`, `filho da Maria`: somebody's name, though it stands alone."""
    if not _may_be_name(line, place):
        return False
    before = line.word(place - 1)
    if before in {"dan", "yar", "diyar"} and not line.tokens[place - 1].is_capital:
        return True  # `dan Talatu`
    of_kin = before in words.CARRIES and line.word(place - 2) in words.RELATIVES | words.YOUNG
    return of_kin or (before == "o" and line.mark(place - 2) == "/" and line.word(place - 3) == "b")


def _named_end(line: Line, place: int) -> int:
    """Where the name behind `Name:` ends."""
    start, colon = place + 1, False
    skipped = identifiers.NAMES | identifiers.FILLERS | identifiers.NAME_LINKS
    while line.word(start) in skipped or line.mark(start) in {":", "=", "&", ".", "-"}:
        colon = colon or line.mark(start) in {":", "="}
        start += 1
    end, taken = start, 0
    while (
        taken < NAME_WORDS and line.is_free(end) and not (end > start and line.tokens[end].breaks)
    ):
        word = line.word(end)
        if word and (is_label(word) or (is_known(word) and (taken or not colon))):
            break
        if not word and not (line.mark(end) in {"-", "'"} or (line.mark(end) == "." and taken)):
            break
        taken += bool(word)
        end += 1
    return end if taken else 0


def _small_end(line: Line, place: int) -> int:
    """Where a name without capitals ends: `amina yusuf`, and `kossi agbeko 33 f` as one begins."""
    end = place
    while end < place + NAME_WORDS and _may_be_small_name(line, end, first=end == place):
        end += 1
    named = any(is_given_name(line.word(each)) for each in range(place, end))
    aged = end > place + 1 and line.begins(place) and _is_before_age(line, end)
    return end if named or aged else 0


def _may_be_small_name(line: Line, place: int, *, first: bool) -> bool:
    word = line.word(place)
    if not line.is_free(place) or (not first and line.tokens[place].breaks):
        return False
    if not word or line.tokens[place].is_capital or is_label(word):
        return False
    return is_name(word) or (len(word) > 2 and not is_known(word) and word not in _CUES)


def _is_before_age(line: Line, place: int) -> bool:
    """Whether an age stands here, or a sex and then one: `45 m`, `f/33`."""
    after = place + (line.mark(place) == ",")
    sexed = line.word(after) in words.LETTERS.keys() | words.SEXES.keys()
    after += sexed
    after += sexed and line.mark(after) in {"/", ","}
    is_part = line.mark(after + 1) in {"/", "%", "°"} and line.number(after + 2) is not None
    return 0 < (line.number(after) or 0) <= MOST_YEARS and not is_part


def is_label(word: str) -> bool:
    """Whether a word announces something, or is no name for another reason."""
    return word in _LABELS


def _titled(line: Line, place: int) -> int:
    """Hide the name behind a title, not the title, which tells the sex."""
    start = place + 1 + (line.mark(place + 1) == ".")
    end = start
    while line.is_free(end) and not line.tokens[end].breaks:
        word = line.word(end)
        initial = len(word) == 1 and not _is_counted(line, end)
        sure = end == start and line.word(place) in identifiers.NAMING_TITLES
        no_name = (_is_no_name(word) and not sure) or is_label(word)
        named = _may_be_titled(line, place, end) and not no_name
        joins = word in identifiers.PARTICLES or (end > start and _joins_names(line, end))
        if not (named or joins or (initial and line.tokens[end].is_capital)):
            break
        end += 1
    while end > start and line.mark(end - 1):
        end -= 1
    if end > start and any(_may_be_titled(line, place, each) for each in range(start, end)):
        line.give(Role.PRIVATE, start, end)
    return 0


def _may_be_titled(line: Line, title: int, place: int) -> bool:
    """`Mr Okafor`, `Aunty Efua`, and `mme traore`, where the title is one and the word no other."""
    word, first = line.word(place), place == title + 1 + (line.mark(title + 1) == ".")
    if line.word(title) in identifiers.KIN_TITLES and first:
        return (
            len(word) > 2
            and line.tokens[place].is_capital
            and line.tokens[place].text[1:].islower()
        )
    unknown = len(word) > 2 and not is_known(word) and word not in _CUES
    small = line.word(title) in identifiers.SMALL_TITLES and (
        (first and unknown) or is_given_name(word)
    )
    shown = line.tokens[place].is_capital and not _is_counted(line, place)
    doctor = line.word(title) == "dr" and line.word(title - 1) in words.BY_SOMEBODY
    by_doctor = doctor and first and unknown  # `seen by dr njie`
    return bool(word) and (shown or small or by_doctor)


def _is_no_name(word: str) -> bool:
    return is_listed(word) and not is_name(word)


def _capitals_end(line: Line, place: int) -> int:
    """Where a row of capitalised words ends of which none is a word of captions."""
    end, last = place, place
    while line.is_free(end) and not (end > place and line.tokens[end].breaks):
        if _may_be_name(line, end):
            last = end + 1
        elif not (end > place and _joins_names(line, end)):
            break
        end += 1
    return last


def _is_counted(line: Line, place: int) -> bool:
    """`G4P3`."""
    return line.glued(place + 1) and line.number(place + 1) is not None


def _joins_names(line: Line, place: int) -> bool:
    joint = line.mark(place) in {"-", "'"} and line.glued(place) and line.glued(place + 1)
    initial = line.mark(place) == "." and len(line.word(place - 1)) == 1
    return (
        joint
        or initial
        or (line.word(place) in identifiers.PARTICLES and not line.glued(place + 1))
    )


def _may_be_name(line: Line, place: int) -> bool:
    word, text = line.word(place), line.tokens[place].text
    if not word or not line.tokens[place].is_capital or _is_counted(line, place):
        return False
    if len(word) == 1 and line.mark(place + 1) == "." and line.glued(place + 1):
        behind = place > 0 and line.tokens[place - 1].is_capital and word not in words.LETTERS
        return behind or _is_initial(line, place)
    if is_label(word):
        return False
    if is_name(word):
        return True
    if text.isupper() and len(text) < ABBREVIATION_CHARS + 1:
        return is_name(line.word(place - 1)) and not is_known(word)  # else an abbreviation
    return len(word) > 2 and not is_known(word) and word not in _CUES
