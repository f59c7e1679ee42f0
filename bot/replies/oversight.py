"""What supervisors made of a month's readings, in words; `bot.replies.chart` draws the same.

Knows the figures. Must not know SQL or Telegram.
"""

from bot.domain.cases import Outcome
from bot.domain.oversight import Agreement, FirstLooks, Oversight
from bot.locale import Translator
from bot.replies import words
from bot.replies.markup import Html, bold, lines, plain, typed
from inference.contract import Urgency


def told(oversight: Oversight, t: Translator) -> Html:
    """A month in words: what was signed off, how soon it was looked at, how it ended."""
    share = f"{oversight.signed / oversight.answered:.0%}"
    outcomes = [
        f"{words.outcome(outcome, t)} {oversight.outcomes[outcome]}"
        for outcome in Outcome
        if oversight.outcomes.get(outcome)
    ]
    return lines(
        bold(heading(t)),
        plain(
            t.gettext(
                "Signed off: {n} of {total} ({share})",
                n=oversight.signed,
                total=oversight.answered,
                share=share,
            )
        ),
        plain(t.gettext("How long until a supervisor looked:")),
        *(plain(_looks(looks, t)) for looks in oversight.looks),
        plain(t.gettext("Supervisors agree with the model:")) if oversight.agreements else None,
        *(typed(_agreement(each, t)) for each in oversight.agreements),
        plain(t.gettext("Outcomes: {outcomes}", outcomes=" · ".join(outcomes)))
        if outcomes
        else None,
    )


def heading(t: Translator) -> str:
    """What these figures are called."""
    return t.gettext("Supervisors, last 30\u00a0days")


def _looks(looks: FirstLooks, t: Translator) -> str:
    said = [t.gettext("{n} of {total} looked at", n=looks.seen, total=looks.cases)]
    if looks.p50_s is not None:
        said.append(t.gettext("half in {wait}", wait=words.wait(looks.p50_s, t)))
    if looks.p90_s is not None:
        said.append(t.gettext("nine of ten in {wait}", wait=words.wait(looks.p90_s, t)))
    return f"{_sign_and_name(looks.urgency, t)}: {', '.join(said)}"


def _agreement(each: Agreement, t: Translator) -> str:
    low, high = (round(100 * end) for end in each.interval)
    return t.gettext(
        "{urgency}, {model}: {n} of {total} ({low}–{high}\u00a0%)",  # noqa: RUF001 - a range
        urgency=_sign_and_name(each.urgency, t),
        model=each.model,
        n=each.agreed,
        total=each.signed,
        low=low,
        high=high,
    )


def _sign_and_name(urgency: Urgency, t: Translator) -> str:
    return words.urgency(urgency, t).partition(":")[0]
