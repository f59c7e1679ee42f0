"""What became of a case stands on its answer, in the message that is there, and is told once."""

from dataclasses import replace
from datetime import timedelta

from bot.answers import answers
from bot.domain.cases import Case
from bot.domain.messages import MessageRole, Outgoing
from bot.domain.people import Person, Role
from bot.store import Store
from inference.contract import Reading
from tests.bot_conversation import SUPERVISOR, WORKER, Conversation, words
from tests.bot_world import outbox, reading


async def answered(chat: Conversation, worker: Person, made: Reading | None = None) -> Case:
    """A case whose answer was delivered."""
    case = await on_its_way(chat, worker, made or reading())
    await chat.delivered()
    return case


async def on_its_way(chat: Conversation, worker: Person, made: Reading) -> Case:
    """A case whose answer waits to be delivered."""
    case = await chat.clinic.open_case(worker, caption="F 32 cough, ref 2231")
    await chat.delivered()
    store = chat.clinic.store
    claim = await store.claims.take(timedelta(minutes=1))
    assert claim is not None
    await store.claims.complete(claim, made, answers(claim, made))
    return case


async def both(chat: Conversation) -> tuple[Person, Person]:
    """A health worker and a supervisor."""
    return await chat.enrol(WORKER), await chat.enrol(SUPERVISOR, Role.SUPERVISOR)


def of_answer(said: list[Outgoing]) -> list[Outgoing]:
    """The edits of an answer among what was said."""
    return [m for m in said if m.about is not None and m.about.role is MessageRole.ANSWER]


def told(said: list[Outgoing], person: Person) -> list[Outgoing]:
    """The new messages to somebody."""
    return [m for m in said if m.chat_id == person.chat_id and not m.is_edit]


async def messages(store: Store, case: Case) -> list[int | None]:
    return [each.message_id for each in await store.readings.answer_messages(case.case_id)]


async def test_a_sign_off_stands_on_the_answer_and_is_told_once(chat: Conversation) -> None:
    worker, supervisor = await both(chat)
    case = await answered(chat, worker)
    before = await messages(chat.clinic.store, case)
    said = await chat.presses(supervisor, "agree:1")
    (edit,) = of_answer(said)
    assert [edit.edits] == before
    whose, line, *_ = edit.reply.text.splitlines()
    assert "C-0001" in whose
    assert line == "<b>✓ Person 3 agrees with this reading.</b>"
    assert len(told(said, worker)) == 1


async def test_a_note_stands_on_the_answer_and_takes_the_place_of_the_notice_before_it(
    chat: Conversation,
) -> None:
    worker, supervisor = await both(chat)
    await answered(chat, worker)
    first = told(await chat.presses(supervisor, "disagree:1"), worker)
    said = await chat.types(supervisor, "rib fracture <left>\nsee http://a.example")
    (edit,) = of_answer(said)
    assert "✗ Person 3 DISPUTES this reading. Ask before you act on it.</b> “rib" in edit.reply.text
    assert "<code>http://a.example”</code>" in edit.reply.text, "no link"
    (second,) = told(said, worker)
    assert second.about is not None
    assert "rib fracture" in second.reply.text
    (over,) = [m for m in said if m.gives_way_to == second.key]
    assert [over.edits_key] == [m.key for m in first]


async def test_a_verdict_that_is_changed_replaces_the_one_before(chat: Conversation) -> None:
    worker, supervisor = await both(chat)
    await answered(chat, worker)
    await chat.presses(supervisor, "disagree:1")
    (edit,) = of_answer(await chat.presses(supervisor, "agree:1"))
    assert "✓ Person 3 agrees" in edit.reply.text
    assert "DISPUTES" not in edit.reply.text


async def test_the_answer_to_a_withdrawn_case_is_struck_through_until_it_is_back(
    chat: Conversation,
) -> None:
    worker, supervisor = await both(chat)
    await answered(chat, worker)
    said = await chat.presses(supervisor, "withdraw:1:patient:yes")
    (edit,) = of_answer(said)
    assert "✖️ WITHDRAWN by Person 3" in edit.reply.text
    assert "<b><s>IMPRESSION</s></b>\n<s>Pneumothorax.</s>" in edit.reply.text
    assert len(told(said, worker)) == 1, "an edit alone is announced by no chat"
    (edit,) = of_answer(await chat.presses(worker, "unwithdraw:1"))
    assert "<s>" not in edit.reply.text


async def test_a_correction_stands_on_the_answer_with_what_is_right_now(chat: Conversation) -> None:
    worker, _ = await both(chat)
    await answered(chat, worker)
    (edit,) = of_answer(await chat.presses(worker, "set:1:sex:male"))
    assert edit.reply.text.startswith("<b>C-0001 · ref. 2231 · male")
    assert "⚠️ This reading was made before a correction." in edit.reply.text
    assert "reread:1" in [b.data for row in edit.reply.buttons for b in row]


async def test_an_answer_on_its_way_is_changed_after_it_has_come(chat: Conversation) -> None:
    worker, supervisor = await both(chat)
    case = await on_its_way(chat, worker, reading())
    said = await chat.presses(supervisor, "agree:1")
    (answer,) = [m for m in of_answer(said) if not m.is_edit]
    (edit,) = [m for m in of_answer(said) if m.is_edit]
    assert edit.edits_key == answer.key
    assert len(await messages(chat.clinic.store, case)) == 1


async def test_an_answer_of_several_messages_keeps_every_word(chat: Conversation) -> None:
    worker, supervisor = await both(chat)
    rest = " ".join(f"word{number}" for number in range(1200))
    case = await answered(chat, worker, reading(f"FINDINGS: {rest}\nIMPRESSION: Normal."))
    before = await messages(chat.clinic.store, case)
    assert len(before) > 1
    edits = of_answer(await chat.presses(supervisor, "disagree:1"))
    assert [m.edits for m in edits[: len(before)]] == before
    said = words(edits)
    assert all(f"word{number}" in said for number in range(1200))


async def test_a_press_that_is_served_twice_says_it_once(chat: Conversation) -> None:
    worker, supervisor = await both(chat)
    await answered(chat, worker)
    press = chat.press(supervisor, "agree:1")
    assert of_answer(await chat.serve(press, update_id=77))
    assert await chat.serve(press, update_id=77) == []


async def test_a_mark_that_cannot_be_made_is_no_answer_that_was_lost(chat: Conversation) -> None:
    worker, supervisor = await both(chat)
    await answered(chat, worker)
    ward = chat.clinic
    (edit,) = of_answer(await chat.presses(supervisor, "agree:1"))
    await ward.store.outbox.add(replace(edit, key="once more"))
    ward.server.refuse("editMessageText", 400, "Bad Request: message to edit not found")
    delivery = await ward.store.outbox.take([])
    assert delivery is not None
    await outbox(ward).deliver_one(delivery)
    assert await ward.store.outbox.next_at([]) is None, "nobody is told that it was lost"
