"""The main job on the real product: `edgerad up`, phones over HTTP, the practice model."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from bot.domain.cases import CaseStatus
from bot.domain.people import Role
from bot.settings import BotSettings
from bot.store.listing import CaseFilter
from deploy.joining.invites import create_invite
from deploy.phone_client import Message, PhoneClient, PhoneEvent, PhoneRefused, PhoneUpload
from tests.acceptance.running import EdgeRad
from tests.bad_files import BAD_FILES, gif
from tests.keys import bot_store_at

pytestmark = pytest.mark.timeout(240)

BANNER = "PRACTICE MODEL"
DISCLAIMER = "Not a medical device. A clinician must verify."
ANSWER_S = 90.0
PARTS = ("gateway", "bot", "inference.runtime")


class Clinic:
    """A running EdgeRad and the phones that talk to it."""

    def __init__(self, edgerad: EdgeRad, stack: AsyncExitStack) -> None:
        self.edgerad = edgerad
        self._stack = stack

    async def phone(self, code: str, name: str = "Nurse") -> PhoneClient:
        """A phone that followed a join link, valid or not."""
        phone = await self._stack.enter_async_context(PhoneClient(self.edgerad.base_url))
        await phone.join(code, name)
        await self._stack.enter_async_context(phone.listening())
        return phone

    async def health_worker(self) -> PhoneClient:
        """A phone whose owner was invited and accepted the terms."""
        return await self.enrolled(Role.HEALTH_WORKER)

    async def enrolled(self, role: Role) -> PhoneClient:
        """A phone whose owner was invited to a role and accepted the terms."""
        settings = BotSettings(_env_file=None, home=self.edgerad.home)
        phone = await self.phone(await create_invite(settings, role))
        await phone.accept_terms()
        return phone

    async def statuses(self) -> list[CaseStatus]:
        """Where every case stands, newest first."""
        async with bot_store_at(self.edgerad.home) as store:
            cases = await store.cases.page(CaseFilter(), limit=1000)
        return [case.status for case in cases]

    async def send_and_hold(self, phone: PhoneClient, films: int) -> list[Message]:
        """Send more films than are read together and hold the model: some are read, some wait."""
        film = await a_film(phone)
        self.edgerad.hold("inference.runtime")
        sent = [await phone.send(film, text=f"4{number} M, cough") for number in range(films)]
        async with asyncio.timeout(ANSWER_S):
            expected = {CaseStatus.WAITING, CaseStatus.READING}
            while set((await self.statuses())[:films]) != expected:  # noqa: ASYNC110 - the store is another process's
                await asyncio.sleep(0.02)
        return sent


@pytest.fixture(scope="module")
def edgerad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeRad]:
    """EdgeRad as `edgerad up` starts it on a fresh machine."""
    system = EdgeRad(tmp_path_factory.mktemp("clinic"))
    system.start()
    yield system
    system.stop()


@pytest.fixture
async def clinic(edgerad: EdgeRad) -> AsyncIterator[Clinic]:
    """The running EdgeRad; its phones hang up when the test ends."""
    async with AsyncExitStack() as stack:
        yield Clinic(edgerad, stack)


def replies_to(messages: list[Message], sent: Message) -> list[str]:
    """Texts of the bot's messages that reply to this one."""
    return [
        message["text"]
        for message in messages
        if not message["outgoing"]
        and (message["reply_to"] or {}).get("message_id") == sent["message_id"]
    ]


def is_answer(event: PhoneEvent, sent: Message) -> bool:
    return event.is_from_bot and any(DISCLAIMER in text for text in replies_to([event.data], sent))


async def answer(phone: PhoneClient, sent: Message) -> str:
    """Wait for the answer to a film and give its text."""
    event = await phone.wait_for(lambda event: is_answer(event, sent), limit_s=ANSWER_S)
    return str(event.data["text"])


async def a_film(phone: PhoneClient) -> PhoneUpload:
    """A sample film."""
    return (await phone.samples())[0][1]


async def test_the_first_supervisor_joins_by_the_printed_link_and_gets_a_film_read(
    clinic: Clinic,
) -> None:
    # Given the link that the first start printed
    phone = await clinic.phone(clinic.edgerad.supervisor_code(), "Dr Okoro")
    await phone.accept_terms()
    # When a sample film is sent
    title, film = (await phone.samples())[0]
    known = len(phone.events)
    sent = await phone.send(film, text="45 M, cough for three weeks, ref 2231")
    # Then it is received, and read
    received = await phone.wait_for(lambda event: event.is_from_bot, since=known)
    assert "C-0001" in received.data["text"]
    text = await answer(phone, sent)
    whose, banner, *_ = text.splitlines()
    assert "C-0001" in whose
    assert banner.startswith(BANNER)
    assert "AI-generated, preliminary, unverified. Not a medical device." in text
    assert title


@pytest.mark.parametrize("kind", BAD_FILES)
async def test_a_file_that_is_no_picture_is_answered_in_words(clinic: Clinic, kind: str) -> None:
    # Given an enrolled person
    phone = await clinic.health_worker()
    pids = {part: clinic.edgerad.process(part).pid for part in PARTS}
    # When they send the file
    known = len(phone.events)
    sent = await phone.send(BAD_FILES[kind], text="60 F, fever")
    reply = await phone.wait_for(lambda event: event.is_from_bot, since=known)
    # Then the answer says so in words, and a good film after it is read as ever
    assert replies_to([reply.data], sent)
    assert BANNER not in reply.data["text"]
    await answer(phone, await phone.send(await a_film(phone)))
    assert {part: clinic.edgerad.process(part).pid for part in PARTS} == pids
    assert not {CaseStatus.WAITING, CaseStatus.READING} & set(await clinic.statuses())


async def test_a_file_that_is_too_big_is_refused_in_words(clinic: Clinic) -> None:
    phone = await clinic.health_worker()
    with pytest.raises(PhoneRefused, match="MB") as refused:
        await phone.send(PhoneUpload(name="film.jpg", data=bytes(60_000_000)))
    assert refused.value.status == 413


async def test_a_caption_of_5000_characters_is_refused_with_what_to_do(clinic: Clinic) -> None:
    phone = await clinic.health_worker()
    with pytest.raises(PhoneRefused, match="1,024 is the most: shorten it"):
        await phone.send(await a_film(phone), text="c" * 5000)


async def test_an_unknown_command_is_answered_in_words(clinic: Clinic) -> None:
    phone = await clinic.health_worker()
    known = len(phone.events)
    await phone.send(text="/makemeasandwich")
    reply = await phone.wait_for(lambda event: event.is_from_bot, since=known)
    assert "/help" in reply.data["text"]


async def test_a_button_of_an_old_message_is_answered_in_words(clinic: Clinic) -> None:
    # Given a case that was answered, and the button that could have taken it back
    phone = await clinic.health_worker()
    known = len(phone.events)
    sent = await phone.send(await a_film(phone), text="45 M, cough")
    received = await phone.wait_for(lambda event: bool(event.data.get("buttons")), since=known)
    message_id, data = received.data["message_id"], received.data["buttons"][0][0]["data"]
    await answer(phone, sent)
    await phone.wait_for(  # it gave way to the answer
        lambda event: message_id in event.data.get("message_ids", ()), since=known
    )
    # When a page that still shows it presses it
    with pytest.raises(PhoneRefused, match="This button is no longer there") as refused:
        await phone.press(message_id, data)
    # Then there are words
    assert refused.value.status == 404


async def test_somebody_without_an_invite_is_refused_politely_and_nothing_more(
    clinic: Clinic,
) -> None:
    cases = len(await clinic.statuses())
    async with PhoneClient(clinic.edgerad.base_url) as phone:
        with pytest.raises(PhoneRefused, match="This invite code is not known"):
            await phone.join("NOSUCHCODE", "Somebody")
        with pytest.raises(PhoneRefused) as refused:
            await phone.send(PhoneUpload(name="film.jpg", data=gif()), text="45 M, cough")
        assert refused.value.status == 401
    assert len(await clinic.statuses()) == cases


@pytest.mark.parametrize("part", ["bot", "inference.runtime", "gateway"])
async def test_cases_are_answered_once_each_although_a_part_is_killed(
    clinic: Clinic, part: str
) -> None:
    # Given cases that wait and some that are being read
    phone = await clinic.health_worker()
    sent = await clinic.send_and_hold(phone, films=6)
    # When the part is killed
    clinic.edgerad.kill(part)
    clinic.edgerad.let_go("inference.runtime")
    # Then every case is answered
    for each in sent:
        await answer(phone, each)
    # once: whatever came before this film's answer has been delivered too
    await answer(phone, await phone.send(await a_film(phone), text="50 F, cough"))
    messages = await phone.messages()
    for each in sent:
        answers = [text for text in replies_to(messages, each) if DISCLAIMER in text]
        assert len(answers) == 1
    assert set(await clinic.statuses()) == {CaseStatus.ANSWERED}


async def test_a_stop_in_the_middle_of_a_reading_loses_nothing(clinic: Clinic) -> None:
    # Given a supervisor, cases that wait and some that are being read
    await clinic.enrolled(Role.SUPERVISOR)
    phone = await clinic.health_worker()
    sent = await clinic.send_and_hold(phone, films=6)
    # When EdgeRad is stopped and started again
    await asyncio.to_thread(clinic.edgerad.stop)
    put_back = await clinic.statuses()
    await asyncio.to_thread(clinic.edgerad.start)
    # Then nothing was left half done, and every case is answered
    for each in sent:
        await answer(phone, each)
    assert put_back[:6] == [CaseStatus.WAITING] * 6
    # and the banner invites nobody a second time
    assert "/join#" not in clinic.edgerad.output()
