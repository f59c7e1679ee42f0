"""Sentences that nobody may follow without looking: doses, "TB excluded", "send home", "tube safe".

Knows what such sentences look like in five languages. Must not know how they are shown.
"""

import re
from collections.abc import Iterator
from enum import Enum

from inference.answers.folding import composed, folded
from inference.answers.negation import Standing, standing


class Caution(Enum):
    """Why a sentence must not be followed as it stands."""

    DOSE = "dose"
    TB_EXCLUDED = "TB excluded"
    SENT_HOME = "sent home"
    TUBE_SAFE = "tube safe"


_DOSE = re.compile(
    r"\b\d+(?:[.,]\d+)? ?(?:mg|mcg|\u00b5g|\u03bcg|ug|g|gr|iu|i\.u\.|ui|units?|unites|unidades"
    r"|meq|mmol"
    r"|mg/kg|ml/kg|l/min|litres? per min\w*|litros? por min\w*|litres? par min\w*|lpm)\b"
    r"|\b(?:\d+|one|two|une?|deux|uma?|dois|duas|dos) (?:tablets?|capsules?|comprimes?|gelules?"
    r"|comprimidos?|capsulas?|ampoules?|vials?|puffs?|drops|kwayoyi)\b"
    r"|\b(?:once|twice|three times|four times|\d+ times|times|x) (?:a day|daily|per day)\b"
    r"|\b(?:od|bd|bid|tds|tid|qds|qid|q\d+h|8-hourly|6-hourly|12-hourly)\b|\bevery \d+ hours\b"
    r"|\bfois par jour\b|\bvezes (?:ao|por) dia\b|\bveces al dia\b|\btoutes les \d+ ?(?:h|heures)\b"
    r"|\bde \d+ em \d+ horas\b|\bcada \d+ horas\b|\bsau (?:\w+ )?(?:a|kowace) rana\b"
)
_TB = re.compile(
    r"\b(?:tb|bk|tuberculos[ei]s?|tuberculous|tuberculeu\w+|tarin fuka|mycobacteri\w+)\b"
)
_HOME = re.compile(
    r"\bdischarge[ds]?\b(?! (?:from|of pus|pus))|\b(?:send|sent|go|goes|return|sending|going"
    r"|back) home\b"
    r"|\bsend (?:him|her|them|the patient|the child|the baby) home\b|\bsafe (?:to go|for) home\b"
    r"|\bno (?:further |specific |additional |urgent |other )*(?:treatment|follow-?up|action"
    r"|intervention|imaging|work-?up|investigations?|management|referral|review|care)"
    r"(?: (?:is|are))? (?:needed|required|necessary|indicated)\b|\bno need (?:for|to|of)\b"
    r"|\bnothing (?:further|more|else) (?:is |needs? )"
    r"|\b(?:rentrer|renvoy\w+|retour|retourner|sortie) (?:chez|a|au)? ?(?:domicile|la maison"
    r"|elle|lui)\b"
    r"|\bpeut (?:sortir|rentrer)\b|\bsortie (?:possible|autorisee)\b"
    r"|\baucune? (?:traitement|suivi|prise en charge|examen"
    r"|surveillance)(?: \w+)? (?:n'est )?necessaire"
    r"|\b(?:ir|voltar|regressar|mandar|enviar) (?:\w+ )?para (?:a )?casa\b|\b(?:dar|ter"
    r"|pode ter) alta\b"
    r"|\balta (?:hospitalar|medica|a domicilio)\b|\b(?:irse|volver|enviar|mandar)(?:lo"
    r"|la)? a (?:su )?casa\b"
    r"|\bnao (?:e|sao) necessari\w+|\bno (?:es|son) necesari\w+"
    r"|\b(?:a )?sallame\b|\b(?:koma|tafi|mayar da \w+) gida\b"
)
_TUBE = re.compile(
    r"\b(?:tubes?|ngt|ogt|ett|catheter|cannula|line|drain|sonde|tubo|sonda|cateter|bututu\w*"
    r"|bututun)\b"
)
_SAFE = re.compile(
    r"\b(?:safe(?:ly)?|correct(?:ly)?|(?:well|properly|adequately)[- ]?(?:positioned|placed)"
    r"|satisfactor\w+|appropriate(?:ly)?|adequate|good position|standard position|in position"
    r"|in place"
    r"|in situ|can be used|ready (?:for|to) use|feed(?:ing)? (?:can|may)|ok to (?:use|feed)"
    r"|bonne position|bien (?:place|positionn|en place)\w*|en place|correctement"
    r"|peut etre utilise\w*"
    r"|bem (?:posicionad|colocad)\w*|corret\w+|correct\w+|bien (?:posicionad|colocad|ubicad)\w*"
    r"|adecuad\w*|adequad\w*|pode ser (?:usad|utilizad)\w*|puede (?:usarse|utilizarse)"
    r"|a wurin da ya dace|lafiya|daidai)\b"
)


def cautions(sentence: str) -> tuple[Caution, ...]:
    """Why a sentence must not be followed without looking, if there is a reason."""
    return tuple(_found(folded(composed(sentence))))


def _found(plain: str) -> Iterator[Caution]:
    if _DOSE.search(plain):
        yield Caution.DOSE
    if any(_is_excluded(plain, match) for match in _TB.finditer(plain)):
        yield Caution.TB_EXCLUDED
    if any(_is_advised(plain, match) for match in _HOME.finditer(plain)):
        yield Caution.SENT_HOME
    if _TUBE.search(plain) and any(_is_said(plain, match) for match in _SAFE.finditer(plain)):
        yield Caution.TUBE_SAFE


def _is_excluded(plain: str, match: re.Match[str]) -> bool:
    return standing(plain, match.start(), match.end()) is Standing.NEGATED


def _is_advised(plain: str, match: re.Match[str]) -> bool:
    """A negation within the words themselves (`no treatment is needed`) is what they say."""
    return standing(plain, match.start(), match.end()) is not Standing.NEGATED


def _is_said(plain: str, match: re.Match[str]) -> bool:
    return standing(plain, match.start(), match.end()) is not Standing.NEGATED
