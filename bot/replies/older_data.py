"""Words on databases that are older than they were."""

from bot.domain.messages import Reply
from bot.locale import Translator
from bot.replies.markup import bold, paragraphs, plain


def put_back(t: Translator) -> Reply:
    """Tells a supervisor that an older copy of the data was put back."""
    return Reply(
        text=paragraphs(
            bold(t.gettext("EdgeRad's data are older than they were.")),
            plain(
                t.gettext(
                    "Somebody put back an older copy, or the disk lost what was written last. "
                    "Cases and answers of the last time may be missing: ask the senders. "
                    "Tell whoever looks after the machine: edgerad doctor says what to do."
                )
            ),
        )
    )
