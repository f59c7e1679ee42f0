"""Every text of the bot is said in every language, with the same values in it."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import bot
from bot.locale import translator
from inference.contract import Language

Texts = tuple[str, ...]
"""One text, or a singular and its plural."""

TRANSLATED = [language for language in Language if language is not Language.ENGLISH]


def catalogue(language: Language) -> Catalog:
    """A language's catalogue as it stands in the repository."""
    source = files("bot.locale").joinpath(f"{language}.po").read_bytes()
    return read_po(BytesIO(source), locale=language, abort_invalid=True)


def calls() -> Iterator[tuple[str, ast.Call, int]]:
    """Every place where the bot says something: where, the call, how many texts it takes.

    Read from the syntax tree, because `pybabel extract` does not look into f-strings.
    """
    for path in sorted(Path(bot.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            texts = {"gettext": 1, "ngettext": 2}.get(node.func.attr, 0)
            if texts and path.parent.name != "locale":
                yield f"{path.name}:{node.lineno}", node, texts


def said() -> set[Texts]:
    """Every text in the bot's code."""
    return {tuple(literals(node, count)) for _, node, count in calls()}


def literals(node: ast.Call, count: int) -> list[str]:
    """The texts of a call, as far as they are written out there."""
    values = (arg.value for arg in node.args[:count] if isinstance(arg, ast.Constant))
    return [value for value in values if isinstance(value, str)]


def strings(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    string = message.string
    return (string,) if isinstance(string, str) else tuple(string or ())


def ids(message: Message) -> Texts:
    """The English text of a message, or its singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def placeholders(text: str) -> set[str]:
    """The names of the values in a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_is_a_literal_so_that_it_can_be_translated() -> None:
    for where, node, count in calls():
        assert len(literals(node, count)) == count, where


def test_every_value_of_a_text_is_given_where_it_is_said() -> None:
    for where, node, count in calls():
        given = {keyword.arg for keyword in node.keywords} | ({"n"} if count == 2 else set())
        for text in literals(node, count):
            assert placeholders(text) <= given, where


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_has_a_translation_and_no_translation_is_left_over(language: Language) -> None:
    entries = {ids(message): message for message in catalogue(language) if message.id}
    assert set(entries) == said()
    assert [texts for texts, message in entries.items() if message.fuzzy] == []
    for texts, message in entries.items():
        assert len(strings(message)) == len(texts), texts
        assert all(strings(message)), texts


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_stands_twice_in_a_catalogue(language: Language) -> None:
    """`msgfmt -c` refuses a catalogue with a doubled entry."""
    source = files("bot.locale").joinpath(f"{language}.po").read_text(encoding="utf-8")
    starts = [block.partition("msgstr")[0] for block in source.split("\n\n")[1:]]
    texts = [start[start.index("msgid") :] for start in starts if "msgid" in start]
    assert sorted(texts) == sorted(set(texts))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_holds_the_same_values_as_the_english_text(language: Language) -> None:
    for message in catalogue(language):
        if message.id:
            for text in strings(message):
                assert placeholders(text) == placeholders(ids(message)[-1]), message.id


UNITS = {
    Language.ENGLISH: "years?|months?|weeks?|days?|hours?|minutes?|tokens?|min|s",
    Language.FRENCH: "ans?|mois|semaines?|jours?|heures?|minutes?|jetons?|min|s",
    Language.PORTUGUESE: "anos?|mês|meses|semanas?|dias?|horas?|minutos?|tokens?|min|s",
    Language.HAUSA: "shekar[au]|wata|watanni|sati|kwana|kwanaki|awa|awanni|minti|mintuna|daƙiƙa",
}


@pytest.mark.parametrize("language", Language)
def test_a_number_and_its_unit_stand_on_one_line(language: Language) -> None:
    """Lines of a chat are narrow; Hausa has the unit first."""
    number, unit = r"(?:\d|\{\w+\})", rf"\b(?:{UNITS[language]})\b"
    parted = f"{unit} {number}" if language is Language.HAUSA else f"{number} {unit}"
    if language is Language.ENGLISH:
        texts = {text for each in said() for text in each}
    else:
        texts = {text for message in catalogue(language) for text in strings(message)}
    assert sorted(text for text in texts if re.search(parted, text)) == []


def test_what_a_person_typed_is_never_taken_for_a_placeholder() -> None:
    for language in Language:
        said_of = translator(language).gettext("From: {name}", name="{0.__class__} {x}")
        assert "{0.__class__} {x}" in said_of


@pytest.mark.parametrize(
    ("language", "day", "year"),
    [
        (Language.ENGLISH, "2 Mar 08:05", "2 Mar 2025"),
        (Language.FRENCH, "2 mars 08:05", "2 mars 2025"),
        (Language.PORTUGUESE, "2 mar. 08:05", "2 de mar. de 2025"),
        (Language.HAUSA, "2 Mar 08:05", "2 Mar, 2025"),
    ],
)
def test_a_list_says_the_time_of_today_and_the_day_of_before(
    language: Language, day: str, year: str
) -> None:
    t, now = translator(language), datetime(2026, 3, 9, 14, 5).astimezone()
    assert t.hour(now, now) == "14:05"
    assert t.hour(datetime(2026, 3, 2, 8, 5).astimezone(), now) == day
    assert t.hour(datetime(2025, 3, 2, 8, 5).astimezone(), now) == year


def test_dates_and_numbers_are_written_as_each_language_writes_them() -> None:
    when = datetime(2026, 3, 9, 14, 5).astimezone()
    said = {language: translator(language).moment(when) for language in Language}
    assert said == {
        Language.ENGLISH: "9 Mar 2026, 14:05",
        Language.FRENCH: "9 mars 2026, 14:05",
        Language.PORTUGUESE: "9 de mar. de 2026, 14:05",
        Language.HAUSA: "9 Mar, 2026, 14:05",
    }
    assert translator(Language.FRENCH).number(1234.56, decimals=1) == "1\u202f234,6"
    assert translator(Language.ENGLISH).ngettext("{n} case", "{n} cases", 1234) == "1,234 cases"


def test_numbers_take_each_languages_own_plural() -> None:
    french, english = translator(Language.FRENCH), translator(Language.ENGLISH)
    assert french.ngettext("{n}\u00a0day", "{n}\u00a0days", 0) == "0\u00a0jour"
    assert english.ngettext("{n}\u00a0day", "{n}\u00a0days", 0) == "0\u00a0days"
    assert french.ngettext("{n}\u00a0day", "{n}\u00a0days", 2) == "2\u00a0jours"
