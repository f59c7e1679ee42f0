"""What is stored: people, messages, events and sessions, and when they are forgotten."""

import json
from typing import cast

import pytest

from gateway.errors import BadRequest
from gateway.schemas.records import Document, Draft, FileId, StoredFile, Webhook
from gateway.store.people import SESSION_IDLE_S, SESSION_S
from gateway.store.store import EVENTS_KEPT_S, ChatStore
from gateway.store.unconfirmed import KEPT_S
from tests.gateway_store import Time, joined

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
    person = await joined(store)
    (sent,) = await store.send(person, [Draft(text="0")])
    for number in range(5):
        draft = Draft(text=str(number + 1))
        await store.change(person.chat_id, sent.message_id, lambda _, draft=draft: draft)  # type: ignore[misc]  # a default binds the loop's value
    events = await store.events_after(person, 0)
    assert [(e.kind, e.message and e.message.text) for e in events][1:] == [
        ("message", "5"),
        ("edited", "5"),
    ]
    time.now += EVENTS_KEPT_S + 1
    await store.forget_old()
    assert await store.events_after(person, 0) == []
    await store.send(person, [Draft(text="after")])
    assert (await store.events_after(person, 0))[0].event_id > events[-1].event_id


async def test_events_of_many_messages_that_are_gone_hide_none_that_come_after(
    store: ChatStore,
) -> None:
    person = await joined(store)
    begun = await store.newest_event_id(person)
    gone = await store.send(person, [Draft(text="gone")] * 250)
    await store.send(person, [Draft(text="here")])
    await store.delete(person.chat_id, [message.message_id for message in gone])
    events = await store.events_after(person, begun)
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
    assert await store.webhook.get() == webhook
    assert await store.updates.allowed() == ("message",)
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
