"""The languages the bot speaks: English is the source text, every other one a catalogue here.

Knows gettext. Must not know what is said, or to whom. A catalogue is `<language>.po`, compiled in
memory when it is first needed, so that no compiled file can be older than its source.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from inference.contract import Language


class Translator:
    """Speaks one language.

    The methods carry gettext's own names, so that `pybabel extract` finds every text.
    """

    def __init__(self, language: Language, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def gettext(self, message: str, **values: object) -> str:
        """Say a message.

        Args:
            message: The English text, with `{name}` where a value stands.
            values: What stands there.

        Returns:
            Plain text in this language, not HTML.
        """
        return self._catalogue.gettext(message).format(**values)

    def ngettext(self, singular: str, plural: str, n: int, **values: object) -> str:
        """Say a message whose words depend on a number, which may stand in it as `{n}`.

        Args:
            singular: The English text for one.
            plural: The English text for none or several.
            n: The number.
            values: Other values of the message.

        Returns:
            Plain text in this language, not HTML.
        """
        return self._catalogue.ngettext(singular, plural, n).format(n=n, **values)


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
