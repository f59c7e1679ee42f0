"""What is stored: people, messages, events and sessions, and when they are forgotten."""

import json
from dataclasses import replace
from typing import cast

import pytest

from gateway.errors import BadRequest, NotFound
from gateway.schemas.entities import Entity
from gateway.schemas.limits import ENTITIES_MAX
from gateway.schemas.records import (
    Button,
    ChatId,
    Document,
    Draft,
    FileId,
    ForwardOrigin,
    Keyboard,
    Message,
    MessageId,
    PhotoSize,
    Quote,
    StoredFile,
    UserId,
    Webhook,
)
from gateway.store.late_buttons import LATE_S
from gateway.store.people import SESSION_IDLE_S, SESSION_S, STORED_NOTED_S
from gateway.store.sessions import Session
from gateway.store.store import EVENTS_KEPT_S, ChatStore
from gateway.store.unconfirmed import KEPT_S
from tests.gateway_store import Time, joined, joined_session

FILM = Document(
    file_id=FileId("f"), file_unique_id="u", file_name="x", mime_type="image/jpeg", file_size=3
)


async def test_people_get_ids_that_a_lost_database_does_not_hand_out_again(
    store: ChatStore,
) -> None:
    people = [await joined(store, token_sha256=bytes([n])) for n in range(20)]
    assert len({p.user_id for p in people}) == 20
    assert max(p.user_id for p in people) - min(p.user_id for p in people) > 10**9


async def test_update_ids_start_from_the_clock(store: ChatStore) -> None:
    await joined(store)
    (update,) = await store.updates.pending(10)
    assert cast("int", update["update_id"]) > 1_700_000_000


async def test_many_edits_leave_one_event_and_old_events_are_forgotten(
    store: ChatStore, time: Time
) -> None:
    session = await joined_session(store)
    person = session.person
    (sent,) = await store.send(person, [Draft(text="0")])
    for number in range(5):
        draft = Draft(text=str(number + 1))
        await store.change(person.chat_id, sent.message_id, lambda _, draft=draft: draft)  # type: ignore[misc]  # a default binds the loop's value
    _, events = await store.events_after(session, 0)
    assert [(e.kind, e.message and e.message.text) for e in events][1:] == [
        ("message", "5"),
        ("edited", "5"),
    ]
    time.now += EVENTS_KEPT_S + 1
    await store.forget_old()
    _, kept = await store.events_after(session, 0)
    assert kept == []
    await store.send(person, [Draft(text="after")])
    _, (event,) = await store.events_after(session, 0)
    assert event.event_id > events[-1].event_id


BOLD = Entity(type="bold", offset=0, length=1)
SMALL = PhotoSize(file_id=FileId("s"), file_unique_id="v", width=9, height=9, file_size=3)
DRAFTS = (
    Draft(text="\N{HIBISCUS}", entities=(BOLD,) * (ENTITIES_MAX + 1), media_group_id="7"),
    Draft(text="film", document=replace(FILM, thumbnail=SMALL), has_spoiler=True),
    Draft(
        photo=(SMALL,),
        film_corners=((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)),
        is_caption_above=True,
    ),
    Draft(text="answer", quote=Quote(text="f", position=0, entities=(BOLD,)), is_protected=True),
    Draft(
        text="?",
        buttons=(
            (
                Button(text="yes", data="1", picture_of=(ChatId(1), MessageId(2))),
                Button(text="no", other={"a": 1}),
            ),
        ),
    ),
    Draft(text="!", keyboard=Keyboard(rows=(("a", "b"), ("c",)), only_for=UserId(5))),
    Draft(service={"pinned_message": {"id": 1}}, content={"dice": {"value": 3}}),
    Draft(
        text="https://example.org",
        link_preview={"is_disabled": True},
        forward_origin=ForwardOrigin(from_bot=False, user_id=UserId(3), name="Ama", date=2),
    ),
)


@pytest.mark.parametrize("draft", DRAFTS)
async def test_a_message_is_answered_as_it_is_read_from_then_on(
    store: ChatStore, draft: Draft
) -> None:
    session = await joined_session(store)
    person = session.person
    held = [
        StoredFile(
            file_id=media.file_id,
            file_unique_id=media.file_unique_id,
            path=media.file_id,
            size_bytes=3,
            media=media if isinstance(media, Document) else (media,),
        )
        for media in (FILM, SMALL)
    ]
    (first,) = await store.send(person, [Draft(text="first")], held)
    draft = replace(draft, reply_to_id=first.message_id if draft.quote else None)
    (sent,) = await store.send(person, [draft])
    assert sent == await store.message(person.chat_id, sent.message_id)
    (received,), _ = await store.receive(session, "an id", [draft])
    assert received == await store.message(person.chat_id, received.message_id)
    assert received in await store.sent_before(person, "an id")
    group = await store.groups.create("Ward", [person])
    (said,), _ = await store.receive(
        session, "another", [replace(draft, reply_to_id=None)], group=group
    )
    assert said == await store.message(group.chat_id, said.message_id)


async def test_events_of_many_messages_that_are_gone_hide_none_that_come_after(
    store: ChatStore,
) -> None:
    session = await joined_session(store)
    person = session.person
    begun = await store.newest_event_id(person)
    gone = await store.send(person, [Draft(text="gone")] * 250)
    await store.send(person, [Draft(text="here")])
    await store.delete(person.chat_id, [message.message_id for message in gone])
    _, events = await store.events_after(session, begun)
    assert [event.kind for event in events] == ["message", "deleted"]


async def test_whoever_was_never_let_in_is_forgotten_with_all_that_they_sent(
    store: ChatStore, time: Time
) -> None:
    """And nobody else: not who may come back, was let in once, or is named in a group."""
    names = ("stranger", "refused", "revoked", "grouped", "silent")
    stranger, refused, revoked, grouped, silent = [
        await store.joining.ask(name, None, name.encode(), "code") for name in names
    ]
    film = StoredFile(file_id=FILM.file_id, file_unique_id="u", path="p", size_bytes=3, media=FILM)
    await store.send(stranger, [Draft(text="who are you?", document=FILM)], [film])
    assert await store.joining.refuse(refused, "No.") == []
    await store.joining.let_in(revoked)
    await store.joining.shut_out(revoked)
    ward = await store.groups.create("Ward 7")
    await store.groups.add(ward, grouped)
    await store.updates.drop()
    waiting = await store.joining.ask("waiting", None, b"waiting", "code")
    time.now += KEPT_S - 60
    await store.forget_old()
    assert await store.person(silent.chat_id) is not None
    time.now += 60

    assert await store.forget_old() == [film]

    asked = (stranger, refused, revoked, waiting, grouped, silent)
    known = [await store.person(person.chat_id) for person in asked]
    assert [person and person.name for person in known] == [
        *(None, None, "revoked", "waiting", "grouped", None)
    ]
    assert await store.newest_messages(stranger, 10) == []
    assert await store.files.paths() == frozenset()
    assert await store.person(ward.chat_id) is not None


async def test_a_session_ends_when_the_phone_was_silent_too_long(
    store: ChatStore, time: Time
) -> None:
    await joined(store)
    for _ in range(3):
        time.now += SESSION_IDLE_S - 1
        assert await store.sessions.find(b"hash") is not None
    time.now += SESSION_IDLE_S + 1
    assert await store.sessions.find(b"hash") is None


async def test_a_session_ends_after_a_year_however_busy_it_was(
    store: ChatStore, time: Time
) -> None:
    await joined(store)
    for _ in range(SESSION_S // SESSION_IDLE_S):
        time.now += SESSION_IDLE_S - 1
        assert await store.sessions.find(b"hash") is not None
    time.now += SESSION_IDLE_S - 1
    assert await store.sessions.find(b"hash") is None


async def test_what_a_phone_has_stored_is_noted_to_a_minute_of_its_allowance(
    store: ChatStore, time: Time
) -> None:
    session = await joined_session(store)

    async def noted(number: int, full_in_s: int) -> int:
        draft = Draft(text="cough")
        await store.receive(session, str(number), [draft], full_in_s=full_in_s)
        now = await store.sessions.find(session.token_sha256)
        assert now is not None
        return max(now.full_in_s, 0)

    stored = ((STORED_NOTED_S, 0), (61, 61), (121, 61), (122, 122))
    for number, (full_in_s, kept) in enumerate(stored):
        assert await noted(number, full_in_s) == kept
    time.now -= SESSION_IDLE_S  # the clock was set back: what is noted is nonsense
    assert await noted(len(stored), 1) == 1


async def test_a_phones_language_chooses_its_commands(store: ChatStore) -> None:
    person = await joined(store, language_code="fr-CI")
    assert await store.commands.offered_to(person) == ()
    assert person.language_code == "fr-CI"


async def test_a_group_is_made_with_all_its_people_or_not_at_all(store: ChatStore) -> None:
    person = await joined(store)
    with pytest.raises(BadRequest, match="USER_ALREADY_PARTICIPANT"):
        await store.groups.create("Ward 7", [person, person])
    people = await store.database.read(lambda tx: tx.all("SELECT name FROM people"))
    assert [row["name"] for row in people] == ["Ama"]


async def test_a_webhook_is_set_with_its_kinds_of_update_and_the_old_updates_gone(
    store: ChatStore,
) -> None:
    await joined(store)
    webhook = Webhook(url="https://bot.lan/x")
    await store.webhook.put(webhook, ("message",), drop_pending=True)
    assert await store.webhook.get_with_allowed() == (webhook, ("message",))
    assert await store.updates.count() == 0


async def test_times_are_whole_seconds_in_every_table_and_in_what_the_bot_is_told(
    store: ChatStore, time: Time
) -> None:
    """The Bot API's dates are integers, and clients refuse others."""
    assert time.now % 1
    await store.updates.allow(["message", "edgerad_session", "my_chat_member"])
    person = await joined(store)
    session = await store.sessions.find(b"hash")
    assert session is not None
    await store.sessions.put_pin(session, b"salt", b"digest", b"pass")
    ward = await store.groups.create("Ward 7", [person])
    await store.groups.leave(ward)
    for update in await store.updates.pending(100):
        (told,) = (body for kind, body in update.items() if kind != "update_id")
        assert '"date": 1800000000,' in json.dumps(told).replace("}", ",")
    kinds = await store.database.read(
        lambda tx: tx.all("""
            SELECT typeof(joined_at), 'people' FROM people
            UNION SELECT typeof(seen_at), 'sessions' FROM sessions
            UNION SELECT typeof(date), 'messages' FROM messages
            UNION SELECT typeof(created_at), 'events' FROM events
            UNION SELECT typeof(open_until), 'pins' FROM pins
            UNION SELECT typeof(joined_at), 'members' FROM members
        """)
    )
    assert [row[0] for row in kinds] == ["integer"] * 6


async def pressed(store: ChatStore, session: Session, sent: Message, data: str) -> list[str]:
    """Press a button; gives what the bot was told of presses so far."""
    await store.press(session, sent.message_id, data)
    updates = await store.updates.pending(100)
    queries = [each["callback_query"] for each in updates if "callback_query" in each]
    return [cast("dict[str, str]", query)["data"] for query in queries]


async def test_a_button_that_was_taken_away_a_moment_ago_can_still_be_pressed(
    store: ChatStore, time: Time
) -> None:
    """Two press it at once, or one twice: the bot says what became of it."""
    session = await joined_session(store)
    chat_id = session.person.chat_id
    buttons = (
        (Button(text="I'm taking it", data="take:14"), Button(text="Open", url="https://a")),
    )
    (sent,) = await store.send(session.person, [Draft(text="Alarm", buttons=buttons)])
    assert await pressed(store, session, sent, "take:14") == ["take:14"]
    await store.change(chat_id, sent.message_id, lambda _: Draft(text="Ama has it"))
    assert await pressed(store, session, sent, "take:14") == ["take:14"] * 2
    for never in ("take:15", "https://a", ""):
        with pytest.raises(NotFound):
            await store.press(session, sent.message_id, never)
    time.now += LATE_S
    with pytest.raises(NotFound):
        await store.press(session, sent.message_id, "take:14")


async def test_a_button_of_a_message_that_is_gone_cannot_be_pressed(store: ChatStore) -> None:
    session = await joined_session(store)
    chat_id = session.person.chat_id
    buttons = ((Button(text="I'm taking it", data="take:14"),),)
    (sent,) = await store.send(session.person, [Draft(text="Alarm", buttons=buttons)])
    await store.change(chat_id, sent.message_id, lambda _: Draft(text="Ama has it"))
    await store.delete(chat_id, [sent.message_id])
    with pytest.raises(NotFound):
        await store.press(session, sent.message_id, "take:14")


async def test_however_many_messages_are_edited_few_are_noted(
    store: ChatStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.store.late_buttons._MESSAGES_MAX", 2)
    session = await joined_session(store)
    drafts = [Draft(text="?", buttons=((Button(text="Yes", data="yes"),),)) for _ in range(3)]
    sent = await store.send(session.person, drafts)
    for each in sent:
        await store.change(session.person.chat_id, each.message_id, lambda _: Draft(text="!"))
    with pytest.raises(NotFound):
        await store.press(session, sent[0].message_id, "yes")
    assert await pressed(store, session, sent[2], "yes") == ["yes"]
