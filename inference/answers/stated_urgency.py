"""The urgency that a model states, read with care: four languages, negations, conditions.

Knows what is written under an urgency's heading. An alarm too many costs a look, one too few a
life: of several alarms the gravest counts, and only what is plainly routine is routine.
"""

import re

from inference.answers.folding import composed, folded, sentences, unmarked
from inference.answers.negation import CONDITION, Standing, standing
from inference.contract import Urgency

_WAITS_NOT = (  # negations that alarm
    r"(?:without|no|sans|sem|sin) (?:any )?(?:delay|delai|retard|demora|perder tiempo)"
    r"|(?:do|must|should|can)(?: ?not|n't) (?:be delayed|delay|wait)|cannot (?:wait|be delayed)"
    r"|no later than|no time to lose|too late|trop tard|tarde demais|demasiado tarde"
    r"|ne peut (?:pas )?attendre|nao pode esperar|no puede esperar"
    r"|ba (?:zai|za a) iya jira ba|kada a jira"
)
_CRITICAL = (
    r"critical(?:ly)?|critiques?|critic[oa]s?|emergen(?:cy|t|cies|te)|immediate(?:ly)?|stat|red"
    r"|life[- ](?:threatening|threat)|danger to life|(?:right|straight) away|this minute"
    r"|top priority"
    r"|(?:danger|peligro|perigo|risco|risque|riesgo) (?:de|of) (?:vie|vida|morte?|muerte|death)"
    r"|rai na cikin hadari|sans perdre de temps|half an hour|demi-heure|meia hora|media hora"
    r"|\d+ ?(?:min|mins|minutes|minutos)|minti \d+"
    r"|(?:minutes|seconds) (?:count|matter)|every (?:minute|second)"
    r"|(?:level|category|cat|priority|class|grade|p) ?(?:1|i)\b(?! ?(?:/|of\b|out\b|\(low))"
    r"|immediate?s?|immediatement|imediat[oa](?:mente)?|inmediat[oa](?:mente)?"
    r"|emergencia|(?:urgence|detresse) vitale|pronostic vital|urgence absolue|rouge|vermelh[oa]"
    r"|roj[oa]|ja"
    r"|ri(?:sco|sque|esgo) (?:de vida|vital)|peligro de muerte|(?:very|extremely|most"
    r"|highly) urgent"
    r"|(?:tres|extremement) urgente?s?|(?:muito|extremamente) urgente|muy urgente|urgentissim[oa]"
    r"|highest|maximum|maximale?|maxim[oa]|extreme|resuscitation|right now|at once|now"
    r"|tout de suite|sans attendre|agora(?: mesmo)?|ahora(?: mismo)?|ya mismo|de imediato"
    r"|within (?:minutes|the hour|an hour|one hour|1 ?h(?:our)?)|mai tsanani|tsanani"
    r"|(?:na |da |cikin )?gaggawa (?:sosai|matuka|kwarai)|nan take|yanzu(?:-| )?(?:nan|yanzu)?"
)
_URGENT = (
    r"urgent(?:ly|e|es|s|emente)?|urgemment|(?:une|uma|una|an) urgenc(?:e|ia|y)"
    r"|urgence (?:medicale|chirurgicale|moderee|relative)|d'urgence|en urgence|de urgencia"
    r"|con urgencia|com urgencia|high(?:er)?|elevee?|haute|alt[oa]|elevad[oa]|severe|serious"
    r"|graves?"
    r"|acute|aigue?|agud[oa]|orange|amber|yellow|laranja|naranja|jaune|amarel[oa]|amarill[oa]"
    r"|same[- ]day|(?:level|category|cat|priority|class|grade|p) ?(?:2|ii)\b(?! ?(?:/|of\b|out\b))"
    r"|(?:minimal|minimum|least|little) delay"
    r"|time[- ]sensitive|within the day|this (?:morning|afternoon|evening)"
    r"|(?:le|no|el) (?:jour meme|mesmo dia|mismo dia)"
    r"|(?:next|prochaines|proximas) (?:few )?(?:hours|heures|horas)"
    r"|\d+ ?(?:h|hrs?|hours?|heures|horas)|(?:sa'a|awa) \d+"
    r"|not (?:a )?routine|within (?:a|one) day|tomorrow|demain|amanha|manana"
    r"|(?:by|before) (?:the )?(?:end of the day|evening|night|tonight)|dans la journee"
    r"|avant (?:ce soir|la nuit)|antes (?:de|da) (?:esta )?noi?[ct]h?e"
    r"|today|tonight|aujourd'hui|ce jour|hoje|hoy|(?:a )?yau|a s a p|asap"
    r"|as soon as possible|soon(?:est)?|prompt(?:ly)?|expedited?|rapid(?:e|ement|o|a|amente|ly)?"
    r"|des que possible|(?:o )?mais (?:rapido|cedo) possivel|lo antes posible|cuanto antes"
    r"|(?:with)?in(?: the next)? (?:a few |\d+(?:-\d+)? ?)?(?:h|hours?|hrs?)"
    r"|(?:dans|sous) (?:les )?(?:\d+ ?)?(?:h|heures)|(?:nas|em) (?:proximas )?(?:\d+ ?)?(?:h|horas)"
    r"|(?:en )?(?:las )?(?:proximas )?\d+ ?horas|(?:na|da|cikin|ta) gaggawa|gaggawa|mai girma"
)
_ROUTINE = (
    r"(?<!not )(?<!not a )(?<!but )(?<!than )(?<!beyond )routine(?:ly)?|rotina"
    r"|rutina|rutinari[oa]|non[- ]?urgente?s?"
    r"|not (?:very )?urgent|low(?:er|est)?(?! (?:threshold|lobe|zone|oxygen|saturation|blood))"
    r"|(?:peut attendre|pode esperar|puede esperar|zai iya jira)(?! (?:un|qu|so|solo|apenas))"
    r"|pas presse|sem pressa|sin prisa"
    r"|within a week(?! (?:is|he|she|it|would)\b)|this week|cette semaine|esta semana|cikin mako"
    r"|no action needed(?! (?:but|beyond|except|other))"
    r"|can wait(?! (?:no|only)\b)|next available (?:appointment|clinic|list|slot)"
    r"|minimal(?=\W*$| (?:urgency|priority))|nulle|sans urgence"
    r"|peu urgente?s?|pouco urgente|ele?ctiv[oa]"
    r"|pas (?:d'urgence|urgente?)|aucune urgence|faible|basse|nao[- ]?urgente|sem urgencia|baix[oa]"
    r"|no (?:es )?urgente|sin urgencia|baj[oa]|elective(?:ly)?|standard|scheduled|programmee?"
    r"|green|verte?|verde|ba (?:na |ta |wani )?gaggawa(?: ba)?(?: ne| ce)?|babu gaggawa"
    r"|(?:na )?yau da kullum"
    r"|(?:with)?in (?:a few |\d+ )?(?:days|weeks)|no urgency"
)
_NOT_MEDICAL = re.compile(
    r"not an? (?:medical|radiolog\w+|diagnostic|clinical) (?:picture|image|photo\w*|film|scan"
    r"|study)"
    r"|non[- ]medical (?:picture|image|photo\w*)"
    r"|not a chest film: this picture cannot be read"
    r"|(?:pas|n'est pas) une? (?:image|photo\w*|cliche) (?:medicale?|radiologique)"
    r"|nao e uma (?:imagem|fotografia|foto) (?:medica|radiologica)"
    r"|no es una (?:imagen|fotografia|foto) (?:medica|radiologica)"
    r"|ba hoton (?:likitanci|asibiti|likita) ba"
)
_LEVELS = (
    (Urgency.CRITICAL, re.compile(rf"\b(?<!non[- ])(?:{_CRITICAL})\b")),
    (Urgency.URGENT, re.compile(rf"\b(?<!non[- ])(?:{_URGENT})\b")),
)
_ALARMING_NEGATION = re.compile(rf"\b(?:{_WAITS_NOT})\b")
_PLAIN = re.compile(rf"\b(?:{_ROUTINE})\b")
_SIGNS = str.maketrans({"\U0001f534": " red ", "\U0001f7e0": " orange ", "\U0001f7e2": " green "})
_SPOKEN_OF = re.compile(
    r"\b(?:urgency|triage|priority|urgence|priorite|urgencia|prioridade|prioridad|gaggawar?)\b"
    r"[^.;]{0,40}\b(?:is|are|as|should be|would be|est|e|es|como|ce|ne|shi ne|ita ce)\b"
)
_LEVEL = r"(?:critical|critique|critic[oa]|urgente?|routine|rotina|rutina)"
_SPAN = r"(?: \([^()\n]{1,30}\))?"
_CHOICE = re.compile(
    rf"\b{_LEVEL}{_SPAN}\W{{1,3}}{_LEVEL}{_SPAN}\W{{1,3}}(?:or |ou |o )?{_LEVEL}{_SPAN}"
)
_ANSWERED = re.compile(r"\?\s*(?=(?:no|yes|non|oui|n\u00e3o|sim|s\u00ed|a'a|i)\b)", re.IGNORECASE)


def read_urgency(text: str) -> Urgency:
    """Read what stands under an urgency's heading.

    Args:
        text: One word, or a sentence, or several.

    Returns:
        The gravest alarm that is neither negated nor a condition; else routine, if that is plain;
        else not stated.
    """
    said = _ANSWERED.sub(": ", unmarked(composed(text.translate(_SIGNS))))
    found = [
        _of_sentence(folded(sentence.text), first=not sentence.start)
        for sentence in sentences(said)
    ]
    alarms = [urgency for urgency in found if urgency is not None and urgency.alarming]
    if alarms:
        return min(alarms, key=tuple(Urgency).index)
    first = next((urgency for urgency in found if urgency is not None), Urgency.NOT_STATED)
    return Urgency.NOT_STATED if Urgency.NOT_STATED in found else first


def urgency_in_prose(text: str) -> Urgency:
    """Read the sentences that speak of the urgency, where no heading does.

    Args:
        text: A whole answer.
    """
    said = composed(text)
    about = [each.text for each in sentences(said) if _SPOKEN_OF.search(folded(each.text))]
    return read_urgency("\n".join(about))


def not_medical(text: str) -> bool:
    """Whether a text says that the picture is no medical one."""
    return _NOT_MEDICAL.search(folded(composed(text))) is not None


def _of_sentence(plain: str, *, first: bool) -> Urgency | None:
    """One sentence's urgency; None if it says nothing of it.

    A word that leads all that is written alarms whatever condition follows.
    """
    if _NOT_MEDICAL.search(plain):
        return Urgency.NOT_MEDICAL
    plain = _blanked(_CHOICE, plain)  # the question's own words
    if _ALARMING_NEGATION.search(plain):
        return Urgency.CRITICAL
    condition = CONDITION.search(plain) is not None
    named, rest = [], _blanked(_PLAIN, plain)
    for urgency, pattern in _LEVELS:
        named += [(urgency, m) for m in pattern.finditer(rest) if _affirmed(plain, m)]
        rest = _blanked(pattern, rest)
    for urgency, match in named:  # the gravest first
        if not condition or (first and not re.search(r"\w", plain[: match.start()])):
            return urgency
    routine = any(_affirmed(plain, match) for match in _PLAIN.finditer(plain))
    if condition and (named or routine):
        return Urgency.NOT_STATED
    return Urgency.ROUTINE if routine else None


def _blanked(pattern: re.Pattern[str], plain: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), plain)


def _affirmed(plain: str, match: re.Match[str]) -> bool:
    return standing(plain, match.start(), match.end()) is not Standing.NEGATED
