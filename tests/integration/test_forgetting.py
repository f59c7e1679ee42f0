"""A patient is forgotten: afterwards no table of any database and no file says anything of them."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot.domain.people import Role
from gateway.app import serving
from gateway.settings import GatewaySettings
from storage.layout import DATABASES, SEALED_FOLDERS
from storage.opening import unlocked
from storage.sqlcipher import connect
from tests.integration.test_bot_on_the_gateway import (
    WITHIN_S,
    bot_running,
    film,
    nurse,
    press_button,
    says,
)

PLANTED = ("quillaja", "celadon", "778123", "zanzibarite", "mauve note", "ochre hospital")
"""And the case's code, which the audit log alone still names."""
OTHERS = ("eucalyptus", "440099", "C-0002")


async def test_nothing_of_a_forgotten_patient_is_left_and_everything_of_others(
    tmp_path: Path,
) -> None:
    """`/forget`: chats, exports, lists, searches, notes and the index of words included."""
    settings = GatewaySettings(
        _env_file=None, home=tmp_path, gateway_host="127.0.0.1", gateway_port=0
    )
    async with (
        serving(settings) as ports,
        bot_running(tmp_path, ports),
        nurse(tmp_path, ports) as phone,
        nurse(tmp_path, ports, Role.SUPERVISOR, "Dr Mensah") as supervisor,
    ):
        sent = await phone.send(film(), text="F 41 quillaja ref 778123")
        answer = await phone.wait_for(says("FINDINGS", "C-0001"), limit_s=WITHIN_S)
        known = len(phone.events)
        await phone.send(text="Is it zanzibarite?", reply_to=answer.data["message_id"])
        await phone.wait_for(says("Opacity", "C-0001"), since=known, limit_s=WITHIN_S)
        await phone.send(film(), text="F 41 eucalyptus ref 440099")
        await phone.wait_for(says("FINDINGS", "C-0002"), limit_s=WITHIN_S)
        for command in ("/search quillaja", "/cases all", "/case 1", "/export all"):
            known = len(supervisor.events)
            await supervisor.send(text=command)
            await supervisor.wait_for(lambda e: e.is_from_bot, since=known, limit_s=WITHIN_S)
        await supervisor.send(text="/search")
        asked = await supervisor.wait_for(says("Search for what?", ""), limit_s=WITHIN_S)
        await supervisor.send(text="celadon", reply_to=asked.data["message_id"])
        await supervisor.wait_for(says("0 cases found", ""), limit_s=WITHIN_S)
        await press_button(supervisor, "agree:")
        confirmed = await supervisor.wait_for(says("signed off", "C-0001"), limit_s=WITHIN_S)
        await supervisor.send(text="a mauve note", reply_to=confirmed.data["message_id"])
        await supervisor.wait_for(says("is kept", "C-0001"), limit_s=WITHIN_S)
        await press_button(supervisor, "outcome:1")
        await press_button(supervisor, "outcome:1:referred")
        chosen = await supervisor.wait_for(says("To where?", "C-0001"), limit_s=WITHIN_S)
        await supervisor.send(text="ochre hospital", reply_to=chosen.data["message_id"])
        await supervisor.wait_for(says("place is kept", "C-0001"), limit_s=WITHIN_S)
        before = everything(tmp_path)
        assert [word for word in (*PLANTED, *OTHERS) if word not in before] == []
        files = stored_files(tmp_path)
        await supervisor.send(text="/forget 778123")
        await press_button(supervisor, "forget!:")
        async with asyncio.timeout(WITHIN_S):
            while planted_in(everything(tmp_path)):  # noqa: ASYNC110 - other threads
                await asyncio.sleep(0.05)
        shown = [message["message_id"] for message in await phone.messages()]
        assert sent["message_id"] not in shown
    after = everything(tmp_path)
    assert planted_in(after) == []
    assert len(stored_files(tmp_path)) < len(files)
    assert [word for word in OTHERS if word not in after] == []


def planted_in(rows: str) -> list[str]:
    return [word for word in PLANTED if word in rows]


def everything(home: Path) -> str:
    """All rows of all tables of both databases, opened, the words' index and its terms included."""
    return "\n".join(_rows(home))


def _rows(home: Path) -> Iterator[str]:
    with unlocked(home, None) as keyring:
        for path, purpose in DATABASES.items():
            with closing(connect(home / path, keyring, purpose)) as connection:
                if path.name == "bot.db":
                    connection.execute(
                        "CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, case_words, 'row')"
                    )
                    yield from (row[0] for row in connection.execute("SELECT term FROM terms"))
                tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
                for (name,) in tables.fetchall():
                    for row in connection.execute(f"SELECT * FROM {name}"):  # noqa: S608
                        yield from (_text(value) for value in tuple(row))


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def stored_files(home: Path) -> list[Path]:
    """The sealed pictures and documents."""
    return [
        path for folder in SEALED_FOLDERS for path in (home / folder).rglob("*") if path.is_file()
    ]
