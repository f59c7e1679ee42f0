"""The tables of docs/security.md that say who may what: every cell is tried, refusals included."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from bot.domain.audit import Act, Actor
from bot.domain.people import Person, Role
from bot.locale import translator
from bot.replies import people
from bot.replies.buttons import Action
from bot.replies.commands import Command
from inference.contract import Language
from tests.bot_conversation import Conversation, conversation
from tests.bot_world import clinic
from tests.gateway_world import Phone, RunningGateway, file_part, phone_of, picture, running_gateway

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
ROLES = ("stranger", "revoked", "terms not accepted", "health worker", "supervisor", "admin")
OWN, LOCKED = "the chat's own phone", "the chat's own phone, locked"
PHONES = ("no session", "revoked", "another's phone", LOCKED, OWN)
T = translator(Language.ENGLISH)
ARGUMENTS = {
    Action.INVITE: "health_worker",
    Action.EXPORT: "all",
    Action.LANGUAGE: "en",
    Action.LIST_CASES: "all:0",
    Action.SEX: "1:female",
    Action.AGE: "1:30",
    Action.KIND: "1:skin",
}


def table(heading: str) -> dict[str, dict[str, str]]:
    """A table of the page: rows by their first cell, cells by their column."""
    text = PAGE.read_text().partition(f"### {heading}\n")[2].partition("\n#")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    head, _, *body = [row for row in rows if len(row) > 1]
    return {row[0].strip("`"): dict(zip(head[1:], row[1:], strict=True)) for row in body}


COMMANDS, BUTTONS, HTTP = table("Commands"), table("Buttons"), table("HTTP")


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Conversation]:
    async with clinic(tmp_path) as ward, conversation(ward) as opened:
        yield opened


async def somebody(chat: Conversation, who: str, user_id: int) -> int | Person:
    """Somebody of a column, whom nobody has met before."""
    if who == "stranger":
        return user_id
    role = Role(who.replace(" ", "_")) if who in ROLES[3:] else Role.ADMIN
    person = await chat.clinic.enrol(user_id, role, accepts=who != "terms not accepted")
    if who == "revoked":
        await chat.clinic.store.people.revoke(person.user_id, by=Actor.at_the_machine())
    return person


async def was_refused(chat: Conversation, user_id: int) -> bool:
    """Whether the audit log says of this person that they were refused something."""

    query = "SELECT act FROM audit WHERE actor = :user_id"
    found = await chat.clinic.database.read(lambda tx: tx.all(query, user_id=user_id))
    return Act.REFUSED in [row["act"] for row in found]


def test_the_tables_have_every_command_every_button_and_every_actor() -> None:
    assert [row.removeprefix("/") for row in COMMANDS] == list(Command)
    assert list(BUTTONS) == list(Action)
    for rows in (COMMANDS, BUTTONS):
        assert {tuple(columns) for columns in rows.values()} == {ROLES}
    assert {tuple(columns) for columns in HTTP.values()} == {PHONES}


@pytest.mark.parametrize("who", ROLES)
async def test_every_command_serves_whom_the_page_says(chat: Conversation, who: str) -> None:
    refusals = {people.not_enrolled(T).text, people.terms(T).text}
    refusals |= {people.not_allowed(least_role, T).text for least_role in Role}
    for number, (command, row) in enumerate(COMMANDS.items(), start=100):
        said = await chat.types(await somebody(chat, who, number), command)
        served = bool(said) and said[0].reply.text not in refusals
        assert row[who] == ("yes" if served else "no"), command
        if who in ROLES[3:]:
            assert await was_refused(chat, number) != served, command


@pytest.mark.parametrize("who", ROLES)
async def test_every_button_serves_whom_the_page_says(chat: Conversation, who: str) -> None:
    for number, (action, row) in enumerate(BUTTONS.items(), start=100):
        presser = await somebody(chat, who, number)
        said = await chat.presses(presser, f"{action}:{ARGUMENTS.get(Action(action), '1')}")
        assert row[who] == "yes" or said == [], action
        if who in ROLES[3:]:
            assert await was_refused(chat, number) == (row[who] == "no"), action


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.phone.rates.JOINS_AT_ONCE", 1000)
        with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
            yield running


@pytest.mark.parametrize("who", PHONES)
async def test_every_address_answers_whom_the_page_says(gateway: RunningGateway, who: str) -> None:
    for call, row in HTTP.items():
        async with phone_of(gateway) as owner, phone_of(gateway) as other:
            sent = (await owner.put("1", files=[file_part(picture())], text="Age 40")).json()
            if who == "revoked":
                await revoke(gateway, other)
            if who == LOCKED:
                await owner.http.put("/chat/pin", json={"pin": "4711"})
                await owner.http.get("/")
            async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as nobody:
                asks = {"no session": nobody, OWN: owner.http, LOCKED: owner.http}
                asking = asks.get(who, other.http)
                answer = await ask(asking, call, sent["photo"]["file_id"], sent["message_id"])
        assert str(answer.status_code) == row[who].split()[0], call
        if "nothing of it" in row[who]:
            assert "Age 40" not in answer.text, call


BODIES = {
    "/chat/pin": {"pin": "2580"},
    "/chat/language": {"language_code": "fr"},
    "/unlock": {"pin": "0000"},
}


async def ask(http: httpx.AsyncClient, call: str, file_id: str, message_id: int) -> httpx.Response:
    method, path = call.split(maxsplit=1)
    address = path.replace("<file id>", file_id).replace("<client id>", "new")
    address = address.replace("<session id>", "999999999").replace("<name>", "film")
    address = address.replace("<message id>", str(message_id))
    if path == "/chat/callbacks":
        return await http.post(path, json={"message_id": message_id, "data": "x"})
    if path in BODIES:
        return await http.request(method, path, json=BODIES[path])
    if path == "/chat/held/<name>" and method == "PUT":
        return await http.put(address, files=[file_part(b"no picture")])
    if method == "PUT":
        return await http.put(address, files={"text": (None, "hello")})
    if path.endswith("/events"):
        async with http.stream("GET", path) as stream:
            return stream
    return await http.request(method, address)


async def revoke(gateway: RunningGateway, phone: Phone) -> None:
    """Do what the bot does once somebody has been revoked."""
    start = (await phone.messages())[0]["message_id"]
    async with httpx.AsyncClient(trust_env=False) as bot:
        newest = {"offset": -100}
        updates = (await bot.get(gateway.api("getUpdates"), params=newest)).json()["result"]
        chats = {u["message"]["message_id"]: u["message"]["chat"]["id"] for u in updates}
        asked = {"chat_id": chats[start], "is_member": False}
        assert (await bot.post(gateway.api("edgeradSetAccess"), json=asked)).is_success


def test_the_bots_token_opens_the_bot_api_and_nothing_else_does(gateway: RunningGateway) -> None:
    with httpx.Client(trust_env=False) as http:
        for method in ("getMe", "getUpdates", "edgeradSetAccess"):
            wrong = gateway.api(method).replace(gateway.token, f"1234567890:{'A' * 35}")
            assert http.get(wrong).status_code == 401
        assert http.get(f"{gateway.bot_url}/file/bot1:x/photos/x.jpg").status_code == 401
