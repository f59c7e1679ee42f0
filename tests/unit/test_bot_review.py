"""A supervisor signs cases off, and says why."""

from bot.domain.people import Role
from tests.bot_conversation import ADMIN, STALE, SUPERVISOR, WORKER, Conversation, buttons, words


async def test_what_a_supervisor_writes_after_a_disagreement_is_its_note(
    chat: Conversation,
) -> None:
    """Nobody replies to a message on a phone in a hurry: the next text is the reason."""
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    case = await chat.case(worker)
    assert "your next message is the note" in words(
        await chat.presses(supervisor, f"disagree:{case.case_id}")
    )
    noted, warning, _ = await chat.types(supervisor, "rib fracture on the left")
    assert noted.reply.text == "Your note on C-0001 is kept."
    assert "<blockquote>rib fracture on the left</blockquote>" in warning.reply.text
    assert warning.chat_id == worker.chat_id
    assert "Send a photo" in words(await chat.types(supervisor, "thank you"))


async def test_a_text_is_no_note_after_an_agreement_or_a_while_later(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    agreed, doubted = await chat.case(worker), await chat.case(worker)
    await chat.presses(supervisor, f"disagree:{doubted.case_id}")
    chat.clinic.clock.advance(11 * 60)
    assert "Send a photo" in words(await chat.types(supervisor, "good morning"))
    await chat.presses(supervisor, f"agree:{agreed.case_id}")
    assert "Send a photo" in words(await chat.types(supervisor, "good morning"))
    kept = await chat.clinic.store.cases.get(doubted.case_id)
    assert kept is not None
    assert kept.review_note is None


async def test_a_sign_off_is_kept_shown_and_can_carry_a_note(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    case = await chat.case(worker)
    said = await chat.presses(supervisor, f"agree:{case.case_id}")
    assert "C-0001 signed off: you agree." in words(said)
    confirmation = chat.id_of(said, "signed off")
    noted, told, _ = await chat.types(supervisor, "well <seen>", reply_to=confirmation)
    assert noted.reply.text == "Your note on C-0001 is kept."
    assert told.chat_id == worker.chat_id
    card = words(await chat.types(worker, "/case 1"))
    assert "Reviewed by Person 3" in card
    assert "agrees." in card
    assert "<blockquote>well &lt;seen&gt;</blockquote>" in card


async def test_the_card_that_was_signed_off_says_so_itself(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(supervisor)
    assert "Not reviewed yet." in words(await chat.types(supervisor, "/case 1"))
    card_id = await chat.last_message_id()

    edit, _ = await chat.presses(supervisor, f"agree:{case.case_id}", card_id)

    assert edit.edits == card_id
    assert "Reviewed by Person 3" in edit.reply.text
    assert "Not reviewed yet." not in edit.reply.text
    assert f"disagree:{case.case_id}" in buttons([edit])


async def test_the_sender_is_warned_where_a_supervisor_disagrees(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    case = await chat.case(worker)
    _, confirmation, warning = await chat.presses(supervisor, f"disagree:{case.case_id}")
    assert "you disagree" in confirmation.reply.text
    assert warning.chat_id == worker.chat_id
    assert warning.reply_to == case.message_id
    assert "your supervisor disagrees" in warning.reply.text


async def test_the_first_sign_off_stays_and_its_signatory_may_change_it(
    chat: Conversation,
) -> None:
    first = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    second = await chat.enrol(ADMIN, Role.ADMIN)
    case = await chat.case(await chat.enrol(WORKER))
    await chat.presses(first, f"agree:{case.case_id}")
    assert await chat.presses(second, f"disagree:{case.case_id}") == []
    assert chat.button_answers()[-1] == "C-0001 was signed off by somebody else."
    await chat.presses(first, f"disagree:{case.case_id}")
    signed = await chat.clinic.store.cases.get(case.case_id)
    assert signed is not None
    assert (signed.reviewed_by, signed.review_agrees) == (first.user_id, False)


async def test_a_case_without_an_answer_cannot_be_signed_off(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.clinic.open_case(await chat.enrol(WORKER))
    await chat.delivered()
    assert await chat.presses(supervisor, f"agree:{case.case_id}") == []
    assert chat.button_answers() == [STALE]
