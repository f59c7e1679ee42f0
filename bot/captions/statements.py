"""Whether a reply to an answer sets something right, rather than asking the model something."""

from bot.captions import parse_told, words
from bot.captions.tokens import Line

MOST_CHARS = 300
MOST_WORDS = 6
"""Longer texts that tell an age are questions with a patient in them."""

_MISTAKES = (
    "wrong patient",
    "wrong picture",
    "wrong photo",
    "wrong film",
    "wrong side",
    "wrong age",
    "wrong sex",
    "wrong reference",
    "wrong name",
    "wrong person",
    "not this patient",
    "not the right patient",
    "not her",
    "not his",
    "my mistake",
    "by mistake",
    "mistake",
    "sorry",
    "correction",
    "mauvais patient",
    "mauvaise patiente",
    "mauvaise photo",
    "mauvaise image",
    "mauvais cote",
    "pas le bon patient",
    "pas la bonne patiente",
    "pas la bonne photo",
    "pas la bonne image",
    "erreur",
    "je me suis trompe",
    "je me suis trompee",
    "doente errado",
    "doente errada",
    "paciente errado",
    "paciente errada",
    "foto errada",
    "imagem errada",
    "lado errado",
    "engano",
    "enganei me",
    "erro",
    "ba wannan mara lafiya ba",
    "ba shi ba ne",
    "ba ita ba ce",
    "ba hoton ba ne",
    "kuskure",
)
_ASKS = words.listed("""
    is are was what which why how can could should would does do did where when who explain describe
    est quel quelle quels pourquoi comment peut pouvez que qu faut doit ou explique expliquez decris
    qual quais como porque pode poderia deve onde o explique descreva
    mene me yaya shin ina wane wace za ko bayyana
""")


def is_correction(text: str) -> bool:
    """Whether a text says that something is wrong, or tells age or sex and asks nothing."""
    told, said = parse_told(text), _said(text)
    tells = told.age_years is not None or told.sex is not None
    return says_mistake(text) or (len(said) <= MOST_WORDS and tells and not _asks(text, said))


def says_mistake(text: str) -> bool:
    """Whether a text says that something is wrong, and asks nothing."""
    said = _said(text)
    whole = f" {' '.join(said)} "
    return not _asks(text, said) and any(f" {mistake} " in whole for mistake in _MISTAKES)


def asks(text: str) -> bool:
    """Whether a text is a question, by its mark or its first word."""
    return _asks(text, _said(text))


def _said(text: str) -> list[str]:
    return [token.word for token in Line(text[:MOST_CHARS]).tokens if not token.is_mark]


def _asks(text: str, said: list[str]) -> bool:
    return "?" in text or not said or said[0] in _ASKS
