"""Which words are words of captions, and which are names.

Two capitals in a row are a name, unless one of them is a word of captions: `Pleural Effusion`. A
word that is missing in the list costs two words of an indication; a name that is missing costs
nothing where a cue or a second capital gives it away.
"""

from functools import cache
from importlib.resources import files

from bot.captions.words import listed

_SUFFIXES = tuple(
    listed(
        "itis ite osis ose oses asis emia emie aemia pathy pathie patia algia algie oma omas ome"
        " thorax torax ectomy ectomie ectomia scopy scopie scopia gram graphy graphie grafia"
        " plegia plegie uria urie rrhea rrhee ation ement mente acao icao ing ness tion sion sao"
        " ism isme ismo cillin cilline mycin mycine micina azole idade dade logie logy logia ique"
        " ical ular ulaire eux euse oso osa eal ial iale istula trophy megaly megalie"
    )
)

_ALSO_WORDS = listed("""
    ama ana awa bala balde camara comfort conde correia doe domingos drame gift isa jean marie
    nana pierre rabi sani sow wade yaw yaya
""")


def is_listed(word: str) -> bool:
    """Whether a word is known from captions."""
    return word in _listed("known_words.txt")


def is_known(word: str) -> bool:
    """Whether a word is one of captions, as it is known or by its end, and so no name."""
    return is_listed(word) or (not is_name(word) and word.endswith(_SUFFIXES))


def is_name(word: str) -> bool:
    """Whether a word is a common name."""
    return word in _listed("names.txt")


def is_given_name(word: str) -> bool:
    """Whether a word is a name though it begins with no capital, and not `bala`, a bullet."""
    return is_name(word) and word not in _ALSO_WORDS


def is_misspelt(word: str, right: str) -> bool:
    """Whether one letter of a word is missing, too many, or changed its place with the next."""
    longer, shorter = (word, right) if len(word) > len(right) else (right, word)
    if len(longer) == len(shorter) + 1:
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    return len(word) == len(right) and right in swapped


@cache
def _listed(file_name: str) -> frozenset[str]:
    text = files("bot.captions").joinpath(file_name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return listed(" ".join(lines))
