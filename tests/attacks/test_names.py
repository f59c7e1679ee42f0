"""Nobody passes for a supervisor by joining under their name, however it is written."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.audit import Actor
from bot.domain.ids import UserId
from bot.domain.names import NAME_MAX_CHARS, distinct
from bot.domain.people import Role
from tests.attacks.conftest import Note
from tests.bot_conversation import Conversation, conversation, words
from tests.bot_world import clinic

ATTACKER = "by somebody who has joined"

CHIEF = "Dr. Okafor"
WRITTEN = (
    "Dr. Okafor",
    "dr okafor",
    " DR.  OKAFOR ",
    "Dr. Оkаfоr",  # noqa: RUF001 - Cyrillic
    "Dr. 0kafor",
    "Dr. Ọkáfor",
    "Ｄｒ． Ｏｋａｆｏｒ",  # noqa: RUF001 - full width
    "✔ Dr. Okafor",
    "Dr. Okafor\u200b",
)


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Conversation]:
    async with clinic(tmp_path, in_memory=True) as ward, conversation(ward) as opened:
        yield opened


@pytest.mark.parametrize("written", WRITTEN)
async def test_a_health_worker_under_a_supervisors_name_is_told_apart(
    chat: Conversation, written: str, outcome: Note
) -> None:
    await chat.clinic.enrol(1, Role.SUPERVISOR, name=CHIEF)
    nurse = await chat.clinic.enrol(2, name=written)
    assert nurse.name == f"{written.rstrip()} (2)"
    assert (await chat.clinic.enrol(3, name=written)).name.endswith(" (3)")
    outcome(
        "Join under a supervisor's name, also in look-alike letters",
        "a number stands behind it: Dr. Okafor (2)",
    )


async def test_who_is_told_apart_hears_of_it_and_a_name_that_is_free_again_is_free(
    chat: Conversation,
) -> None:
    chief = await chat.clinic.enrol(1, Role.SUPERVISOR, name="Person 99")
    said = words(await chat.types(99, f"/start {await chat.invite(chief)}"))
    assert "Others see you as: Person 99 (2)" in said
    machine = Actor.at_the_machine()
    await chat.clinic.store.people.revoke(UserId(1), by=machine)
    await chat.clinic.store.people.revoke(UserId(99), by=machine)
    assert (await chat.clinic.enrol(5, name="Person 99")).name == "Person 99"


def test_a_long_name_keeps_its_mark_and_its_length() -> None:
    name = "x" * NAME_MAX_CHARS
    made = distinct(name, [name])
    assert made.endswith(" (2)")
    assert len(made) == NAME_MAX_CHARS
    assert distinct("?", ["?", "!"]) == "? (2)"


def test_different_names_stay_as_they_are() -> None:
    assert distinct("Amina", ["Aminata", "Amina B.", "Ámi"]) == "Amina"
