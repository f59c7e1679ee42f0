"""The languages the bot speaks: English is the source text, every other one a catalogue here.

Knows gettext, and how a language writes dates and numbers. Must not know what is said, or to whom.
A catalogue is `<language>.po`, compiled in memory when it is first needed, so that no compiled file
can be older than its source.
"""

from datetime import datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from inference.contract import Language

_ENGLISH = Locale("en", "GB")  # day before month, as in the other languages


class Translator:
    """Speaks one language.

    The methods carry gettext's own names, so that `pybabel extract` finds every text.
    """

    def __init__(self, language: Language, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue
        self._locale = _ENGLISH if language is Language.ENGLISH else Locale(language)

    def gettext(self, message: str, **values: object) -> str:
        """Say a message.

        Args:
            message: The English text, with `{name}` where a value stands.

        Returns:
            Plain text in this language, not HTML.
        """
        return self._catalogue.gettext(message).format(**values)

    def ngettext(self, singular: str, plural: str, n: int, **values: object) -> str:
        """Say a message whose words depend on a number, which may stand in it as `{n}`.

        Args:
            singular: The English text for one.
            plural: The English text for none or several.
            values: Other values of the message.

        Returns:
            Plain text in this language, not HTML.
        """
        return self._catalogue.ngettext(singular, plural, n).format(n=self.number(n), **values)

    def number(self, value: float, *, decimals: int = 0) -> str:
        """Write a number.

        Args:
            decimals: How many of its decimals to show.

        Returns:
            Such as `1,234.5`, or in French `1 234,5`.
        """
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, pattern, locale=self._locale)

    def weekday(self, day: int) -> str:
        """Write a day of the week in short, 0 for Monday: `Mon`, or in French `lun.`."""
        return str(get_day_names("abbreviated", locale=self._locale)[day])

    def moment(self, when: datetime) -> str:
        """Write a point in time by the clinic's clock.

        Args:
            when: In any time zone.

        Returns:
            Such as `9 Mar 2026, 14:05`, or in French `9 mars 2026, 14:05`.
        """
        return f"{self.day(when)}, {when.astimezone():%H:%M}"

    def hour(self, when: datetime, now: datetime) -> str:
        """Write a point in time by the clinic's clock, as short as can be.

        Returns:
            Of today such as `14:05`; else such as `9 Mar 14:05`, of another year `9 Mar 2025`.
        """
        at, today = when.astimezone(), now.astimezone()
        if at.year != today.year:
            return self.day(when)
        day = format_date(at, "d MMM", locale=self._locale)
        return f"{at:%H:%M}" if at.date() == today.date() else f"{day} {at:%H:%M}"

    def day(self, when: datetime) -> str:
        """Write the day of a point in time by the clinic's clock.

        Args:
            when: In any time zone.

        Returns:
            Such as `9 Mar 2026`, or in French `9 mars 2026`.
        """
        return str(format_date(when.astimezone(), "medium", locale=self._locale))


@cache
def translator(language: Language) -> Translator:
    """The one translator of a language.

    Args:
        language: What the reader reads.

    Returns:
        A translator; it holds no state and may be shared.
    """
    if language is Language.ENGLISH:
        return Translator(language, NullTranslations())
    source = files(__package__).joinpath(f"{language}.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language))
    compiled.seek(0)
    return Translator(language, GNUTranslations(compiled))
