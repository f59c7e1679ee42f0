"""What a method is: its name, what it does, and each field that it knows.

The fields are declared once: a method that reads one it does not declare fails in every test, and
the page of docs/bot-api.md is made of the declarations. Must not know any single method.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from gateway.bot_api.call import Call
from gateway.errors import BadRequest

Run = Callable[[Call], Awaitable[object]]

_NOTHING = frozenset({"", "0", "false", "{}", "null"})
"""A value that says as much as none; clients write one where nothing is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Fields of a method's request, by what becomes of them; adding two unites them.

    Args:
        takes: Names of those that are supported, with spaces between.
        ignores: Those that are taken and change nothing, likewise.
        refuses: By name, the description of the refusal.
    """

    takes: str = ""
    ignores: str = ""
    refuses: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: "Fields") -> "Fields":
        """The fields of both."""
        return Fields(
            takes=f"{self.takes} {other.takes}",
            ignores=f"{self.ignores} {other.ignores}",
            refuses={**self.refuses, **other.refuses},
        )

    @property
    def read(self) -> frozenset[str]:
        """The names of those that are looked at."""
        return frozenset(self.takes.split()) | self.refuses.keys()

    @property
    def declared(self) -> frozenset[str]:
        """The names of all."""
        return self.read | frozenset(self.ignores.split())

    def without(self, *names: str) -> "Fields":
        """The fields that are not of these names."""
        return Fields(
            takes=" ".join(name for name in self.takes.split() if name not in names),
            ignores=" ".join(name for name in self.ignores.split() if name not in names),
            refuses={name: why for name, why in self.refuses.items() if name not in names},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of the Bot API.

    Args:
        name: As Telegram writes it.
        about: What it does, in a sentence.
        fields: Those of its request.
        run: Does it.
    """

    name: str
    about: str
    fields: Fields
    run: Run

    @property
    def sends(self) -> bool:
        """Whether it puts a message into a chat, which flood control counts."""
        return self.name.startswith(("send", "forward", "copy")) and self.name != "sendChatAction"

    async def __call__(self, call: Call) -> object:
        """Run the method.

        Args:
            call: A call of it.

        Raises:
            BadRequest: If it is given a field that it refuses.
        """
        for name, why in self.fields.refuses.items():
            if call.parameters.raw(name) not in _NOTHING:
                raise BadRequest(why)
        return await self.run(call)


def method(name: str, fields: Fields | None = None) -> Callable[[Run], Method]:
    """Make a method of a function; the first line of its docstring says what it does.

    Args:
        name: As Telegram writes it.
        fields: Those of its request.
    """

    def decorate(run: Run) -> Method:
        about = (run.__doc__ or "").partition("\n")[0].rstrip(".")
        return Method(name=name, about=about, fields=fields or Fields(), run=run)

    return decorate
