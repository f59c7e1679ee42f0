"""The points at which a crash could lose a case or answer it twice.

Knows them by the functions before or after which they lie. Must not import the product: the
harness reads the names too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def _always(*_: object) -> bool:
    return True


def _is_there(result: object) -> bool:
    return result is not None


def _is_sms(_outbox: object, delivery: Any, *_: object) -> bool:
    return bool(delivery.message.is_sms)


def _is_answer(_outbox: object, delivery: Any, *_: object) -> bool:
    about = delivery.message.about
    return about is not None and about.role == "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A moment in the work of the bot or the gateway.

    Args:
        target: `module:Class.function`; where the moment is after it, an asynchronous one.
        after: Whether the moment is after the function, otherwise it is before.
        meant: Whether this call is meant: given the arguments before, the result after.
    """

    target: str
    after: bool = False
    meant: Callable[..., bool] = _always


OF_THE_BOT = {
    "after receive": Point(target="bot.store.inbox:InboxStore.store"),
    "after inbox commit": Point(target="bot.store.inbox:InboxStore.store", after=True),
    "with the picture stored, before its case": Point(
        target="bot.store.pictures:PictureFiles.add", after=True
    ),
    "after the case's commit": Point(target="bot.store.cases:Cases.open", after=True),
    "at claim": Point(target="bot.store.claims:Claims.take", after=True, meant=_is_there),
    "during reading": Point(target="bot.progress:Growth.add_text"),
    "after the reading": Point(target="bot.store.claims:Claims.complete"),
    "after result commit": Point(target="bot.store.claims:Claims.complete", after=True),
    "between send and mark": Point(target="bot.store.outbox:OutboxStore.sent", meant=_is_answer),
    "after the mark": Point(target="bot.store.outbox:OutboxStore.sent", after=True),
    "between the removal of received and its mark": Point(
        target="bot.store.outbox:OutboxStore.removed"
    ),
}

OF_THE_GATEWAY = {
    "mid-upload, with the picture stored and its message not": Point(
        target="gateway.store.store:ChatStore.receive"
    ),
    "mid-upload, with all committed and nothing acknowledged": Point(
        target="gateway.store.store:ChatStore.receive", after=True
    ),
    "mid-poll, before the confirmation is committed": Point(
        target="gateway.store.updates:UpdateStore.confirm"
    ),
    "mid-poll, after the confirmation is committed": Point(
        target="gateway.store.updates:UpdateStore.confirm", after=True
    ),
    "with the bot's message stored and not acknowledged": Point(
        target="gateway.store.store:ChatStore.send", after=True
    ),
}

OF_SMS = {
    "with an SMS at its line, and that not noted": Point(
        target="gateway.store.sms:SmsStore.handed"
    ),
    "with an SMS at its line, and that noted": Point(
        target="gateway.store.sms:SmsStore.handed", after=True
    ),
    "with an SMS that came, and is not stored": Point(target="gateway.store.sms:SmsStore._receive"),
    "with an SMS that came, stored and not acknowledged": Point(
        target="gateway.store.sms:SmsStore._receive", after=True
    ),
}

OF_THE_BOTS_SMS = {
    "between an SMS's send and its mark": Point(
        target="bot.store.outbox:OutboxStore.sent", meant=_is_sms
    ),
}

POINTS = OF_THE_BOT | OF_THE_GATEWAY | OF_SMS | OF_THE_BOTS_SMS
