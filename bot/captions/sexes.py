"""The patient's sex: words for it, and the letters F, M and H where they can mean nothing else."""

from bot.captions import identifiers, words
from bot.captions.persons import is_child_letter, is_own, is_sex_letter, is_subject, person_before
from bot.captions.quantities import unit_said
from bot.captions.tokens import Line, Role
from inference.contract import Sex

_KIN = words.listed("epouse daughter filha filho fils son miji mijinta")
_KEPT = words.COMPLAINTS | words.SUBJECTS.keys() | words.NAMED.keys()
MOST_CHILDREN = 15
_SIGNS = ",:/(.[|_*;~≈"


def find_sex(line: Line) -> Sex | None:
    """The sex that a caption tells, None where it tells none, or both."""
    places = {place: _sex_at(line, place) for place in range(len(line)) if line.word(place)}
    said = set(places.values()) - {None}
    if not said:
        return _hinted(line)
    if len(said) != 1:
        return None
    for place, sex in places.items():
        if sex is not None and line.is_free(place) and line.word(place) not in _KEPT:
            line.give(Role.SEX, place, place + 1)
    return said.pop()


def _hinted(line: Line) -> Sex | None:
    """What the ending of a complaint tells, where nothing else does: `hipertensa`, `âgée`."""
    hints = {words.HINTED_SEXES.get(word) for word in line.typed} - {None}
    if not hints and not _is_other_spoken_of(line):
        of_child = not words.YOUNG.isdisjoint(line.typed)
        organs = {words.ORGANS.get(word) for word in line.typed} - {None}
        hints = organs - {Sex.FEMALE} if of_child else organs
    return hints.pop() if len(hints) == 1 else None


def _sex_at(line: Line, place: int) -> Sex | None:
    word = line.word(place)
    if word in words.SEXES:
        of_mother = word in words.OF_WOMEN and _is_of_mother(line)
        is_patients = line.is_free(place) and not (of_mother or _is_of_another(line, place))
        if line.role(place) is Role.CODE:
            return _of_women(line, place)  # `gravida 4`
        return words.SEXES[word] if is_patients else None
    if word in words.LETTERS and _is_said(line, place):
        return words.LETTERS[word]
    if word in words.NAMED and line.role(place) is Role.PRIVATE:
        return words.NAMED[word]
    if word in words.KIN:
        return words.KIN[word] if _is_patient_of_kin(line, place) else None
    return _beside_age(line, place) or _of_women(line, place) or _of_subject(line, place)


def _is_patient_of_kin(line: Line, place: int) -> bool:
    """`my mother, 60 yrs`, `grandma 82`, `sister of index case`, `mother of 4`: the patient."""
    aged = any(
        role is Role.AGE and person_before(line, age) == line.word(place)
        for age, role in enumerate(line.roles[place + 1 : place + 6], place + 1)
    )
    aged = aged or Role.AGE in line.roles[max(0, place - 3) : place]
    if line.word(place - 1) in words.MY and _is_shown_of(line, place - 2):
        return True
    if is_own(line, place) and (aged or line.word(place - 1) in words.ARTICLES):
        return True
    if line.word(place - 1) in words.OLD and line.role(place - 1) is Role.AGE:
        return True  # `69 yrs old papa`
    if line.word(place) == "uwar":
        return line.word(place + 1) in words.CHILDREN
    of = line.word(place + 1) in words.CARRIES
    after = place + 2 + (line.word(place + 2) in words.ARTICLES)
    of_index = line.begins(place) and line.word(after) in words.INDEXED and Role.AGE in line.roles
    counted = unit_said(line.word(after + 1)) is not None or line.mark(after + 1) == "/"
    of_many = 0 < (line.number(after) or 0) <= MOST_CHILDREN and not counted
    return of and (of_index or of_many or _is_children(line, after))


def _is_shown_of(line: Line, place: int) -> bool:
    """`it is for my father`, `c'est pr mon père`: nobody else is spoken of."""
    shown = place == 0 or line.word(place - 1) in words.SHOWN
    led = line.word(place) in words.FOR and shown
    kin = words.KIN.keys() | words.CAREGIVER
    alone = sum(line.word(each) in kin for each in range(len(line))) == 1
    return led and alone and words.YOUNG.isdisjoint(line.typed)


def _is_children(line: Line, place: int) -> bool:
    """`mother of twins`, `mère de 3 enfants`."""
    return not words.CHILDREN.isdisjoint({line.word(place), line.word(place + 1)})


def _of_subject(line: Line, place: int) -> Sex | None:
    """`she fell`, `pain in his leg`, `elle tousse`, `yana tari`, where nobody else is spoken of."""
    word = line.word(place)
    if word == "il" and line.word(place + 1) in words.IL_VERBS and not _is_other_spoken_of(line):
        return Sex.MALE
    if word not in words.SUBJECTS or _is_other_spoken_of(line):
        return None
    if word in {"yana", "tana"} and line.word(place - 1) in words.INFANTS:
        return None  # the gender of the word: `kan baby yana girma`
    of_child = word in words.THEIRS and line.word(place + 1) in words.YOUNG
    either = "/" in {line.mark(place - 1), line.mark(place + 1)}  # `il/elle`
    return None if of_child or either else words.SUBJECTS[word]


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
    old_man = word in words.OLD_MEN and (line.ends(place + 1) or Role.AGE in after[:3])
    if old_man or (word == "mail" and line.word(place + 1) in words.PERSON):
        return Sex.MALE
    return _abbreviated(line, place)


def _abbreviated(line: Line, place: int) -> Sex | None:
    """`pte 45 ans`, a patiente, and `j.h. de 24 ans`, a jeune homme."""
    word = line.word(place)
    if word in words.FRENCH_FEMALE and line.typed & words.FRENCH_YEARS:
        return Sex.FEMALE if Role.AGE in line.roles[place + 1 : place + 5] else None
    if word == "j" and line.mark(place + 1) == "." and Role.AGE in line.roles[place : place + 7]:
        return words.LETTERS.get(line.word(place + 2))
    return None


def _of_women(line: Line, place: int) -> Sex | None:
    """What is said of women alone: pregnant in Hausa, G3P2, née le, mère de 3 enfants."""
    word = line.word(place)
    pregnant = word in {"ciki", "juna"} and line.word(place - 1) in {"mai", "da"}
    born = word == "nee" and line.role(place) is Role.PRIVATE
    para = word in {"para", "gravida"} and unit_said(line.word(place + 2)) is None
    added = word == "p" and line.mark(place + 2) == "+"
    parity = line.role(place) is Role.CODE and (
        para or added or {word, line.word(place + 2)} == {"g", "p"}
    )
    after = word == "post" and line.word(place + 1) == "c" and line.word(place + 3) == "s"  # `C/S`
    pregnant |= word == "ciki" and line.word(place + 1) in words.MONTHS_BEFORE
    pregnant &= line.word(place - 1) != "ciwon"  # a belly ache
    of_woman = pregnant or born or parity or after
    return Sex.FEMALE if of_woman and not _is_of_mother(line) else None


def _is_of_another(line: Line, place: int) -> bool:
    """Whether a word is of somebody else: `bitten by a man`, `baby of Mrs Bello`, `wife ill`."""
    before = place - 1
    while line.word(before) in words.ARTICLES or line.role(before) is Role.DOUBT:
        before -= 1  # `baby of 19 year old primip`
    denied = line.word(before) in words.DENIALS
    if denied or line.word(place + 1) in words.STAFF or _is_of_sender(line, place):
        return True
    if line.word(before) in words.BY_SOMEBODY:
        return line.role(place + 1) is not Role.AGE
    kin = words.RELATIVES | words.YOUNG
    if line.word(before) in words.CARRIES and line.word(before - 1) in kin:
        return True
    word, after = line.word(place), place + 1
    if word in _KIN and not _is_own_child(line, place):
        after += line.word(after) in words.SUBJECTS_VERB
        ages = {line.role(after + bool(line.mark(after))), line.role(place - 1)}
        aged = Role.AGE in ages
        return line.word(after) not in words.CARRIES and not aged
    related = words.RELATIVES - words.TWINS
    return word in words.PREGNANT and line.word(place - 1) in related


def _is_of_sender(line: Line, place: int) -> bool:
    """`headteacher Mr Tetteh`, `rappeler le 77 512 33 44 Mme Faye`: who sends, and has no age."""
    if line.word(place) not in identifiers.TITLES:
        return False
    if line.word(place - 1) in words.COLLEAGUES and line.role(place + 1) is Role.PRIVATE:
        return True
    behind_phone = line.role(place - 1) is Role.PRIVATE and line.number(place - 1) is not None
    aged = Role.AGE in line.roles[place + 1 : place + 8]
    called = line.word(place - 1) in identifiers.PHONES or behind_phone
    return called and not aged and not line.typed.isdisjoint(identifiers.PHONES)


def _is_own_child(line: Line, place: int) -> bool:
    """`pour mon fils`, `o meu filho tem tosse`: nobody else of the family is spoken of."""
    kin = words.RELATIVES | words.CAREGIVER | words.KIN.keys()
    alone = sum(line.word(each) in kin for each in range(len(line))) == 1
    mine = line.word(place - 1) in words.MY - words.YOUNG
    led = line.word(place - 2) in words.BY_SOMEBODY
    return mine and alone and not led and line.typed.isdisjoint(identifiers.PHONES)


def _leads(line: Line, place: int) -> bool:
    """`F 3 days fever`, `DOB 12/03/1990 F cough`, `neonate F`: whose it is, whatever follows."""
    if not line.tokens[place].is_capital:
        return False
    born = line.role(place - 1) is Role.PRIVATE and line.number(place - 1) is not None
    begins = place == 0 and line.role(1) in {Role.DURATION, Role.DOUBT, Role.CODE}
    return begins or born or line.word(place - 1) in words.UNSEXED


def _is_said(line: Line, place: int) -> bool:
    """Whether an F, M or H is the patient's: beside an age, behind a label, or a thought alone."""
    if not is_sex_letter(line, place):
        return False
    before, after = place - 1, place + 1
    while line.mark(before) and line.mark(before) in f"{_SIGNS}=-?":
        before -= 1
    while (
        (line.mark(after) and line.mark(after) in f"{_SIGNS}-")
        or line.word(after) in words.CARRIES
        or is_child_letter(line, after)
    ):
        after += 1
    if line.word(before) in words.SEX_LABELS or Role.AGE in {line.role(before), line.role(after)}:
        return True
    if _leads(line, place):
        return True
    capital_or_first = line.tokens[place].is_capital or place == 0
    return line.begins(place) and line.ends(place + 1) and capital_or_first


def _is_other_spoken_of(line: Line) -> bool:
    """Whether somebody else may be who `she` is; not `his wife`, which says whose she is."""
    others = words.RELATIVES | words.CAREGIVER | words.KIN.keys() | words.NURSES
    return any(
        line.word(place) in others and not (_is_whose(line, place) or _is_exposure(line, place))
        for place in range(len(line))
    )


def _is_exposure(line: Line, place: int) -> bool:
    """`nega contacto`, `no TB contact`: what the patient had, and nobody."""
    return line.word(place).startswith("contact") and line.word(place - 1) in words.EXPOSED


def _is_whose(line: Line, place: int) -> bool:
    """`his wife`, `son mari`: said of the patient, and so nobody whom `she` may be."""
    spouse = line.word(place) in words.SPOUSES and line.word(place - 1) in words.OF_SOMEBODY
    leads = line.word(place) == "son" and line.word(place + 1) in words.SPOUSES
    return spouse or leads or line.word(place - 1) in words.THEIRS


def _is_of_mother(line: Line) -> bool:
    """Whether a child's mother is spoken of: `neonate, mother primip`."""
    return not words.MOTHERS.isdisjoint(line.typed) and not words.YOUNG.isdisjoint(line.typed)
