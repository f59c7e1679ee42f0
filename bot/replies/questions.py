"""What is said of a question: which case it is about, and why the model is not asked.

Knows cases. Must not know SQL or Telegram, nor what makes a question one for a guideline.
"""

from textwrap import shorten

from bot.domain.cases import Case
from bot.domain.ids import MessageId
from bot.domain.messages import Asks, Button, Question, Reply
from bot.locale import Translator
from bot.replies.buttons import Action, button
from bot.replies.markup import bold, lines, paragraphs, plain, quoted

YES, NO = "yes", "no"
SHOWN_CHARS = 200


def about(case: Case, question: str, message_id: MessageId, t: Translator) -> Reply:
    """Asks whether a question that replies to nothing is about the case that was answered last.

    Args:
        message_id: The question's own message, by which it is found when a button is pressed.
    """
    yes = button(t.gettext("Yes"), Action.ABOUT, case.case_id, message_id, YES)
    no = button(t.gettext("No"), Action.ABOUT, case.case_id, message_id, NO)
    return Reply(text=_about(case, question, t), buttons=((yes, no),))


def asked_elsewhere(t: Translator) -> Reply:
    """Says how to ask about another case."""
    return Reply(
        text=plain(t.gettext("Not asked. To ask about another case, reply to its answer."))
    )


def what_to_ask(case: Case, t: Translator) -> Reply:
    """Asks for a question about a case."""
    question = t.gettext("{case}: what do you want to know about the picture?", case=case.code)
    asks = Asks(question=Question.PICTURE, example=t.gettext("Which side?"))
    return Reply(text=plain(question), asks=asks)


def ask_button(case: Case, t: Translator) -> Button:
    """A button that takes a question about a case."""
    return button(t.gettext("Ask"), Action.ASK, case.case_id)


def for_a_guideline(t: Translator) -> Reply:
    """Answers a question for a drug, a dose or what to do about a symptom."""
    return Reply(
        text=paragraphs(
            bold(t.gettext("⚠️ The model was not asked: it reads pictures and nothing else.")),
            lines(
                plain(
                    t.gettext(
                        "For drugs, doses and symptoms use your guideline, or ask a clinician."
                    )
                ),
                plain(t.gettext("You can ask what the picture shows, such as “Which side?”")),
            ),
        )
    )


def _about(case: Case, question: str, t: Translator) -> str:
    asked = bold(t.gettext("About {case}?", case=case.code))
    return lines(asked, quoted(shorten(question, SHOWN_CHARS, placeholder=" …")))
