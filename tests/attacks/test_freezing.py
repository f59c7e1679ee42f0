"""Nobody holds the others up by what they write: bounded when it is stored, read in threads."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest

from gateway.phone import routes, stream, uploads, view
from gateway.phone.turns import Turns
from gateway.schemas.automatic import automatic_entities
from gateway.schemas.entities import Entity, nested, utf16_length
from gateway.schemas.forgetting import Age, Candidate, Forgetting
from gateway.schemas.limits import ENTITIES_MAX, TEXT_MAX_CHARS
from gateway.store import forgetting
from gateway.store.sessions import Session
from tests.attacks.conftest import Note
from tests.gateway_world import Phone, RunningGateway, phone_of

ATTACKER = "by somebody who has joined"

DENSE = ("$A ", "/x ", "@abcd ", "#abc ", "a@b.co ", "a.com ", "+1234567 ", "tg://a ", "𝄞 $A ")
WITHIN_S = 30
MESSAGE = Candidate(
    chat_id=1,
    message_id=1,
    reply_to_id=None,
    from_bot=False,
    date=0,
    text="",
    has_file=False,
    is_document=False,
)


@pytest.mark.parametrize("words", DENSE)
async def test_a_text_of_nothing_but_tags_has_as_many_as_telegrams_most(
    phone: Phone, words: str, outcome: Note
) -> None:
    text = (words * TEXT_MAX_CHARS)[:TEXT_MAX_CHARS]
    sent = (await phone.put(f"{hash(words):x}", text=text)).json()
    assert len(sent["entities"]) == ENTITIES_MAX
    before = text.partition(words.rpartition(" ")[0].split()[-1])[0]
    assert sent["entities"][0]["offset"] == utf16_length(before)
    outcome("Texts of nothing but tags (`$A $A …`)", f"{ENTITIES_MAX} entities, and no more")


@pytest.mark.parametrize("words", DENSE)
def test_finding_them_takes_no_more_than_in_proportion(words: str, outcome: Note) -> None:
    """Four times the text took sixteen times as long."""
    assert growth(automatic_entities, words) < 10
    outcome("The same, four times as long", "takes four times as long, not sixteen")


def test_nesting_them_takes_no_more_than_in_proportion() -> None:
    def nest(text: str) -> object:
        return nested(Entity(type="cashtag", offset=at, length=2) for at in range(0, len(text), 3))

    assert growth(nest, "$A ") < 10


def growth(work: Callable[[str], object], words: str) -> float:
    """How much longer four times the text takes; processor time, the best of several."""
    short, long = ((words * 20_000)[:size] for size in (10_000, 40_000))
    return took(lambda: work(long)) / took(lambda: work(short))


def took(work: Callable[[], object]) -> float:
    def once() -> float:
        begun = time.thread_time()
        work()
        return time.thread_time() - begun

    return min(once() for _ in range(5))


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made on an event loop of all that grows with what people wrote."""
    found: list[str] = []

    def watch(module: Any, name: str) -> None:
        make = getattr(module, name)

        def watched(*args: Any) -> Any:
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                pass
            else:
                found.append(name)
            return make(*args)

        monkeypatch.setattr(module, name, watched)

    watch(routes, "_page_of")
    watch(uploads, "automatic_entities")
    watch(stream, "_stored")
    watch(forgetting, "_is_chosen")
    return found


async def test_nothing_that_grows_with_what_people_wrote_is_made_on_the_event_loop(
    gateway: RunningGateway, phone: Phone, loops: list[str], outcome: Note
) -> None:
    for number in range(8):
        await phone.put(str(number), text="$A " * 1365)
    assert (await phone.http.get("/chat/messages", params={"limit": 200})).status_code == 200
    async with phone.http.stream("GET", "/chat/events", headers={"Last-Event-ID": "0"}) as events:
        async for line in events.aiter_lines():
            if '"client_id": "7"' in line:
                break
    asked = {"words": ["C-0001"], "messages": []}
    assert (await phone.http.post(gateway.api("edgeradForget"), json=asked)).json()["ok"]
    assert loops == []
    outcome("Their history, again and again", "found once; pages are made in threads")


async def test_whoever_asks_for_much_again_and_again_has_one_turn_at_a_time(
    gateway: RunningGateway, phone: Phone, monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    """Of eight pages that a phone asks for at once one is made, and then another phone's."""
    made: list[str] = []
    first, asked, go_on = threading.Event(), threading.Event(), threading.Event()
    make, turn = view.message, Turns.of

    def of(turns: Turns, session: Session) -> AbstractAsyncContextManager[None]:
        if session.person.name != "Greedy":
            asked.set()
        return turn(turns, session)

    def message(stored: Any, viewer: Any = None) -> Any:
        if viewer.name == "Greedy":
            first.set()
            go_on.wait(WITHIN_S)
        made.append(viewer.name)
        return make(stored, viewer)

    monkeypatch.setattr(view, "message", message)
    monkeypatch.setattr(Turns, "of", of)
    async with phone_of(gateway, name="Greedy") as greedy, asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(greedy.http.get("/chat/messages"))
        await asyncio.to_thread(first.wait, WITHIN_S)
        modest = group.create_task(phone.http.get("/chat/messages"))
        async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as other:
            assert (await other.get("/health")).status_code == 200, "held up"
        assert await asyncio.to_thread(asked.wait, WITHIN_S)
        go_on.set()
        assert (await modest).status_code == 200
        assert made.index("Ama") == 1
    outcome("Eight pages at once", "one is made, then another phone's; `/health` answers")


def test_the_fixture_finds_what_is_made_on_a_loop(loops: list[str]) -> None:
    async def find() -> None:
        forgetting._is_chosen(MESSAGE, Forgetting(), (Age(None, 0), Age(None, 0)))

    asyncio.run(find())
    assert loops == ["_is_chosen"]
