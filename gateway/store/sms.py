"""SQL of SMS: whose number a chat is, what goes out, what came in, and how much of it.

What came is committed together with the bot's update of it, and what the bot sends together with
its place in the queue, so that a crash loses neither.
"""

import secrets
from collections.abc import Callable, Sequence

from gateway.errors import BadRequest
from gateway.schemas import objects
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import BotIdentity, ChatId, Draft, Message, MessageId, Person, UserId
from gateway.schemas.sms import (
    TEXT_IN_MAX_CHARS,
    IncomingSms,
    SmsRules,
    SmsState,
    StoredSms,
    parts_of,
)
from gateway.store import conversations, messages, people, rows, updates
from gateway.store.attempts import AttemptStore
from gateway.store.signals import SMS, PhoneSignals
from gateway.store.transactions import DatabaseStore, reading, writing
from storage.database import Database, Row, Transaction

UPDATE = "edgerad_sms"
PARTS_MAX = 3
DAY_S = 24 * 3600
VALID_S = 3600
"""How long an SMS is tried whose lines cannot be reached; what it says is old then."""

ORDINARY_SHARE = 0.5
"""Of each budget, for what is no alarm: a forged sender may ask for answers without end."""

FAILURES_MAX = 3
"""At one line; then the next one has it."""

PAUSES_S = (5, 15, 60)
LOOK_AGAIN_S = {SmsState.HANDED: 3, SmsState.SENT: 60}
"""How often a line is asked how far an SMS is."""

KEPT_S = 90 * DAY_S
AT_ONCE = 20
_USER_IDS = range(10**12, 10**13)
"""Numbers' ids: none of a person's, who have those below."""


class SmsStore(DatabaseStore):
    """The numbers, and their SMS.

    Args:
        bot: Hears what comes.
        unknown: Counts what comes from numbers that nobody has.
        rules: The clinic's; None where there is no SMS.
    """

    def __init__(
        self,
        database: Database,
        signals: PhoneSignals,
        bot: Callable[[], BotIdentity],
        unknown: AttemptStore,
        rules: SmsRules | None,
    ) -> None:
        super().__init__(database)
        self._signals = signals
        self._bot = bot
        self._unknown = unknown
        self._rules = rules
        self.conditions: list[JsonObject] = []
        """How the lines are, as their courier saw them last."""

    @property
    def rules(self) -> SmsRules:
        """The clinic's.

        Raises:
            BadRequest: It has no SMS.
        """
        if self._rules is None:
            raise BadRequest("SMS is not set up")
        return self._rules

    async def add_number(self, written: str) -> tuple[Person, str]:
        """Make a chat of a number; the same number again is the same chat.

        Returns:
            The chat, and the number as networks have it.

        Raises:
            BadRequest: It is no number, or there is no SMS.
        """
        number = self.rules.e164(written)
        if number is None:
            raise BadRequest("not a phone number")
        return await self._add(number), number

    @writing
    def _add(self, tx: Transaction, number: str) -> Person:
        before = _of_number(tx, number)
        if before is not None:
            return before
        user_id = UserId(_USER_IDS.start + secrets.randbelow(len(_USER_IDS)))
        people.add(tx, Person(user_id=user_id, name="SMS"))
        tx.run(
            "UPDATE people SET is_number = 1, is_member = 1, stays = 1 WHERE user_id = :user_id",
            user_id=user_id,
        )
        tx.run("INSERT INTO numbers VALUES (:number, :user_id)", number=number, user_id=user_id)
        return Person(user_id=user_id, name="SMS", is_member=True, is_number=True)

    # Out

    async def send(
        self,
        chat: Person,
        draft: Draft,
        *,
        key: str | None = None,
        unless_here: ChatId | None = None,
        is_alarm: bool = False,
    ) -> Message:
        """Store an SMS of the bot; one over the budget fails at once.

        Args:
            key: The bot's own name of it: what is sent to a number again under it is there already.
            unless_here: The chat of somebody who needs no SMS while a page shows their chat.
            is_alarm: Whether it may use all of the budget.

        Raises:
            BadRequest: It is too long, or there is no SMS.
        """
        is_here = unless_here is not None and self._signals.pages_of(unless_here) > 0
        share = 1.0 if is_alarm else ORDINARY_SHARE
        return await self._send(chat, draft, key, needless=is_here, share=share)

    @writing
    def _send(
        self,
        tx: Transaction,
        chat: Person,
        draft: Draft,
        key: str | None,
        *,
        needless: bool,
        share: float,
    ) -> Message:
        """Store an SMS, and its place in the queue.

        Raises:
            BadRequest: It is too long, or there is no SMS.
        """
        parts, number = parts_of(draft.text), _number_of(tx, chat)
        if parts > PARTS_MAX:
            raise BadRequest("text is too long for SMS")
        if key is not None and (before := messages.of_client(tx, chat.chat_id, key)):
            return before[0]
        client = None if key is None else (key, 0)
        message = messages.insert(tx, chat, draft, from_bot=True, client=client)
        state, reason = SmsState.WAITING, None
        if needless:
            state = SmsState.NEEDLESS
        elif self._is_over_budget(tx, number, parts, share):
            state, reason = SmsState.FAILED, "budget"
        tx.run(
            _ADD,
            message_id=message.message_id,
            chat_id=chat.chat_id,
            number=number,
            parts=parts,
            token=secrets.token_hex(8),
            state=state,
            reason=reason,
            now=tx.now,
        )
        if state is SmsState.FAILED:
            _tell_failed(tx, message.message_id, chat.chat_id, "budget")
        tx.signal(SMS)
        return message

    def _is_over_budget(self, tx: Transaction, number: str, parts: int, share: float) -> bool:
        spent, to_it = _spent(tx, number)
        return (
            spent + parts > share * self.rules.parts_a_day
            or to_it + parts > share * self.rules.parts_a_number
        )

    @reading
    def due(self, tx: Transaction) -> list[StoredSms]:
        """What is to be given to a line, or to be asked about; also where the clock was set."""
        found = tx.all(_DUE, now=tx.now, far=tx.now + VALID_S, since=tx.now - DAY_S, most=AT_ONCE)
        return [_stored(row) for row in found]

    @writing
    def handed(self, tx: Transaction, sms: StoredSms, line: str, handle: str) -> None:
        """Note that a line took an SMS."""
        tx.run(
            "UPDATE sms_out SET state = 'handed', line = :line, handle = :handle,"
            " handed_at = :now, due_at = :due_at WHERE message_id = :message_id",
            line=line,
            handle=handle,
            now=tx.now,
            due_at=tx.now + LOOK_AGAIN_S[SmsState.HANDED],
            message_id=sms.message_id,
        )

    @writing
    def progressed(self, tx: Transaction, sms: StoredSms, state: SmsState) -> None:
        """Note how far an SMS is at its line."""
        tx.run(
            "UPDATE sms_out SET state = :state, due_at = :due_at WHERE message_id = :message_id",
            state=state,
            due_at=tx.now + LOOK_AGAIN_S.get(state, 0),
            message_id=sms.message_id,
        )

    @writing
    def missed(
        self, tx: Transaction, sms: StoredSms, lines: Sequence[str], reason: str, *, refused: bool
    ) -> str | None:
        """Note that an SMS failed: it is tried again, or at the next line, or given up.

        Where the lines cannot be reached it is tried for an hour; where they say that it failed,
        each has it three times.

        Args:
            lines: All, the best first.
            refused: Whether the line itself said that it failed; it then needs another id.

        Returns:
            Which line has it next; None if none has.
        """
        failures = sms.failures + 1
        at = lines.index(sms.line) if sms.line in lines else 0
        was_refused, line, is_over = sms.was_refused or refused, lines[at], False
        if failures >= FAILURES_MAX:
            failures, is_last = 0, at + 1 == len(lines)
            line = lines[(at + 1) % len(lines)]
            is_over = is_last and was_refused
        is_over = is_over or tx.now - sms.created_at >= VALID_S
        tx.run(
            _MISSED,
            message_id=sms.message_id,
            state=SmsState.FAILED if is_over else SmsState.WAITING,
            reason=reason,
            line=line,
            sends=sms.sends + refused,
            failures=failures,
            was_refused=was_refused,
            due_at=tx.now + PAUSES_S[min(failures, len(PAUSES_S) - 1)],
        )
        if is_over:
            _tell_failed(tx, sms.message_id, sms.chat_id, reason)
        return None if is_over else line

    # In

    async def receive(self, line: str, came: Sequence[IncomingSms]) -> list[IncomingSms]:
        """Store what came, each once; the first look at a line tells the bot nothing.

        What lay in its inbox before it was EdgeRad's is none of the clinic's.

        Returns:
            What is new, oldest first.
        """
        is_first = await self._is_first_look(line)
        new = await self._new(came) if came or is_first else []
        for sms in new:
            if not await self._receive(sms, line, told=not is_first):
                await self._unknown.count()
        if is_first:
            await self._begin(line)
        return new

    @reading
    def _is_first_look(self, tx: Transaction, line: str) -> bool:
        return tx.one("SELECT 1 FROM sms_lines WHERE name = :line", line=line) is None

    @writing
    def _begin(self, tx: Transaction, line: str) -> None:
        tx.run("INSERT OR IGNORE INTO sms_lines VALUES (:line, :now)", line=line, now=tx.now)

    @reading
    def _new(self, tx: Transaction, came: Sequence[IncomingSms]) -> list[IncomingSms]:
        return [sms for sms in came if tx.one(_KNOWN, digest=sms.digest) is None]

    @writing
    def _receive(self, tx: Transaction, sms: IncomingSms, line: str, *, told: bool) -> bool:
        """Store an SMS with the bot's update of it; False if its number is nobody's."""
        if tx.one(_KNOWN, digest=sms.digest) is not None:
            return True
        tx.run("INSERT INTO sms_in VALUES (:digest, :now)", digest=sms.digest, now=tx.now)
        if not told:
            return True
        number = self.rules.e164(sms.sender)
        if sms.report is not None:
            _note_report(tx, line, number, sms.report)
            return True
        chat = None if number is None else _of_number(tx, number)
        if chat is None:
            return False
        text = (sms.text or "").strip()[:TEXT_IN_MAX_CHARS]
        if text:
            conversations.receive(tx, self._bot(), chat, Draft(text=text))
        return True

    # About

    @reading
    def figures(self, tx: Transaction) -> JsonObject:
        """How the lines are, and how much went out in the last 24 hours."""
        spent, _ = _spent(tx, "")
        count = tx.one(_COUNT, since=tx.now - DAY_S)
        return {
            "lines": self.conditions,
            "parts": spent,
            "parts_a_day": self.rules.parts_a_day,
            "parts_a_number": self.rules.parts_a_number,
            **{state: 0 if count is None else count[state] or 0 for state in _COUNTED},
        }

    @writing
    def forget_old(self, tx: Transaction) -> None:
        """Forget SMS that went out long ago; what came is known for ever, by its digest."""
        tx.run("DELETE FROM sms_out WHERE created_at < :before", before=tx.now - KEPT_S)


def forget_number(tx: Transaction, chat: Person) -> None:
    """Let a number be nobody's, and send it nothing more."""
    tx.run("DELETE FROM numbers WHERE user_id = :user_id", user_id=chat.user_id)
    tx.run(
        "UPDATE sms_out SET state = 'failed', reason = 'revoked'"
        " WHERE chat_id = :chat_id AND state = 'waiting'",
        chat_id=chat.chat_id,
    )


def _tell_failed(tx: Transaction, message_id: MessageId, chat_id: ChatId, reason: str) -> None:
    """Tell the bot that nobody will get an SMS."""
    chat = people.find(tx, chat_id)
    if chat is not None:
        payload = {
            "date": tx.now,
            "chat": objects.chat(chat),
            "message_id": message_id,
            "state": SmsState.FAILED,
            "reason": reason,
        }
        updates.enqueue(tx, UPDATE, payload, chat_id)


def _note_report(tx: Transaction, line: str, number: str | None, state: SmsState) -> None:
    """Note that a number has an SMS: the oldest of which that is not known, as none is named."""
    if state is SmsState.DELIVERED:
        tx.run(_DELIVERED, line=line, number=number, since=tx.now - DAY_S)


def _of_number(tx: Transaction, number: str) -> Person | None:
    row = tx.one(
        "SELECT people.* FROM numbers JOIN people USING (user_id) WHERE number = :number",
        number=number,
    )
    return None if row is None else rows.person(row)


def _number_of(tx: Transaction, chat: Person) -> str:
    row = tx.one("SELECT number FROM numbers WHERE user_id = :user_id", user_id=chat.user_id)
    if row is None:
        raise BadRequest("chat not found")
    return str(row["number"])


def _spent(tx: Transaction, number: str) -> tuple[int, int]:
    """How many parts went out in the last 24 hours, and how many of these to a number."""
    row = tx.one(_SPENT, since=tx.now - DAY_S, number=number)
    return (0, 0) if row is None else (row["all_parts"] or 0, row["to_it"] or 0)


def _stored(row: Row) -> StoredSms:
    return StoredSms(
        message_id=row["message_id"],
        chat_id=row["chat_id"],
        number=row["number"],
        text=row["text"] or "",
        token=row["token"],
        state=SmsState(row["state"]),
        line=row["line"],
        handle=row["handle"],
        sends=row["sends"],
        failures=row["failures"],
        was_refused=bool(row["was_refused"]),
        created_at=row["created_at"],
        handed_at=row["handed_at"],
    )


_ADD = """
INSERT INTO sms_out (message_id, chat_id, number, parts, token, state, reason, created_at, due_at)
VALUES (:message_id, :chat_id, :number, :parts, :token, :state, :reason, :now, :now)
"""

_DUE = """
SELECT sms_out.*, messages.text FROM sms_out JOIN messages USING (message_id)
WHERE state IN ('waiting', 'handed', 'sent') AND (due_at <= :now OR due_at > :far)
    AND (state <> 'sent' OR created_at > :since)
ORDER BY due_at, message_id LIMIT :most + 0
"""

_MISSED = """
UPDATE sms_out SET state = :state, reason = :reason, line = :line, handle = NULL, sends = :sends,
    failures = :failures, was_refused = :was_refused, due_at = :due_at
WHERE message_id = :message_id
"""

_DELIVERED = """
UPDATE sms_out SET state = 'delivered' WHERE message_id = (
    SELECT min(message_id) FROM sms_out
    WHERE number = :number AND line = :line AND state IN ('handed', 'sent') AND created_at > :since
)
"""

_KNOWN = "SELECT 1 FROM sms_in WHERE digest = :digest"

_SPENT = """
SELECT sum(parts) AS all_parts, sum(CASE WHEN number = :number THEN parts END) AS to_it
FROM sms_out WHERE created_at > :since AND state <> 'needless' AND reason IS NOT 'budget'
"""

_COUNTED = ("waiting", "sent", "delivered", "failed")

_COUNT = """
SELECT sum(state IN ('waiting', 'handed')) AS waiting, sum(state = 'sent') AS sent,
    sum(state = 'delivered') AS delivered, sum(state = 'failed') AS failed
FROM sms_out WHERE created_at > :since
"""
