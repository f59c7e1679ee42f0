"""The patient's sex: words for it, and the letters F, M and H where they can mean nothing else."""

from bot.captions import words
from bot.captions.persons import is_sex_letter, is_subject
from bot.captions.tokens import Line, Role
from inference.contract import Sex

_LABELS = words.listed("sex sexe sexo gender jinsi genre genero")
_KIN = words.listed("wife husband epouse mari esposa daughter filha filho fils son miji mijinta")
_SIGNS = ",:/(."


def find_sex(line: Line) -> Sex | None:
    """The sex that a caption tells, None where it tells none, or both."""
    places = {place: _sex_at(line, place) for place in range(len(line)) if line.word(place)}
    said = set(places.values()) - {None}
    if len(said) != 1:
        return None
    for place, sex in places.items():
        if sex is not None and line.is_free(place) and line.word(place) not in words.COMPLAINTS:
            line.give(Role.SEX, place, place + 1)
    return said.pop()


def _sex_at(line: Line, place: int) -> Sex | None:
    word = line.word(place)
    if word in words.SEXES:
        is_patients = line.is_free(place) and not _is_of_another(line, place)
        return words.SEXES[word] if is_patients else None
    if word in words.LETTERS and _is_said(line, place):
        return words.LETTERS[word]
    return _beside_age(line, place) or _of_women(line, place)


def _beside_age(line: Line, place: int) -> Sex | None:
    """What is said with the age: `she is 61`, `dan shekara 40`, `shekarunta 26`."""
    word, after = line.word(place), line.roles[place + 1 : place + 5]
    if word in words.POSSESSED:
        return words.POSSESSED[word] if line.role(place) is Role.AGE else None
    if word in words.SAID_OF:
        near = Role.AGE in after[: 1 if word in {"dan", "yar"} else 2]
        return words.SAID_OF[word] if near else None
    if word in words.PRONOUNS and is_subject(line, place) and Role.AGE in after[1:]:
        return words.PRONOUNS[word]
    if word == "j" and line.mark(place + 1) == "." and Role.AGE in line.roles[place : place + 7]:
        return words.LETTERS.get(line.word(place + 2))  # `j.h.`: jeune homme
    return None


def _of_women(line: Line, place: int) -> Sex | None:
    """What is said of women alone: pregnant in Hausa, G3P2, née le, mère de 3 enfants."""
    word = line.word(place)
    pregnant = word in {"ciki", "juna"} and line.word(place - 1) in {"mai", "da"}
    born = word == "nee" and line.role(place) is Role.PRIVATE
    parity = line.role(place) is Role.CODE and {word, line.word(place + 2)} == {"g", "p"}
    of_children = line.word(place + 1) in words.CARRIES and line.word(place + 3) in words.CHILDREN
    mother = word in words.CAREGIVER and of_children
    return Sex.FEMALE if pregnant or born or parity or mother else None


def _is_of_another(line: Line, place: int) -> bool:
    """Whether a word is of somebody else: `bitten by a man`, `baby of Mrs Bello`, `wife ill`."""
    before = place - 1
    while line.word(before) in words.ARTICLES:
        before -= 1
    if line.word(before) in words.DENIALS:
        return True
    if line.word(before) in words.BY_SOMEBODY:
        return line.role(place + 1) is not Role.AGE
    kin = words.RELATIVES | words.YOUNG
    if line.word(before) in words.CARRIES and line.word(before - 1) in kin:
        return True
    word, after = line.word(place), place + 1
    if word in _KIN:
        aged = line.role(after + bool(line.mark(after))) is Role.AGE
        return line.word(after) not in words.CARRIES and not aged
    return word in words.PREGNANT and line.word(place - 1) in words.RELATIVES


def _leads(line: Line, place: int) -> bool:
    """`F 3 days fever`, `DOB 12/03/1990 F cough`, `neonate F`: whose it is, whatever follows."""
    if not line.tokens[place].is_capital:
        return False
    born = line.role(place - 1) is Role.PRIVATE and line.number(place - 1) is not None
    begins = place == 0 and line.role(1) in {Role.DURATION, Role.DOUBT}
    return begins or born or line.word(place - 1) in words.UNSEXED


def _is_said(line: Line, place: int) -> bool:
    """Whether an F, M or H is the patient's: beside an age, behind a label, or a thought alone."""
    if not is_sex_letter(line, place):
        return False
    before, after = place - 1, place + 1
    while line.mark(before) and line.mark(before) in f"{_SIGNS}=-":
        before -= 1
    while (line.mark(after) and line.mark(after) in f"{_SIGNS}-") or line.word(
        after
    ) in words.CARRIES:
        after += 1
    if line.word(before) in _LABELS or Role.AGE in {line.role(before), line.role(after)}:
        return True
    if _leads(line, place):
        return True
    capital_or_first = line.tokens[place].is_capital or place == 0
    return line.begins(place) and line.ends(place + 1) and capital_or_first
