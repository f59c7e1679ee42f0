"""Whether a sentence says that something is there: negations, doubts, conditions, the past.

Knows how English, French, Portuguese, Spanish and Hausa deny and doubt. Must not know what is
denied. After Chapman et al., "A simple algorithm for identifying negated findings and diseases in
discharge summaries" (NegEx), J Biomed Inform 2001: cues before and after, each with a scope.
"""

import re
from enum import Enum

REACH_CHARS = 400
"""So far from a thing its denial may stand; a sentence without an end is read in bounded time."""


class Standing(Enum):
    """How a sentence says a thing."""

    AFFIRMED = "affirmed"
    DOUBTED = "doubted"
    NEGATED = "negated"
    SUPPOSED = "supposed"


_NOT_DENIED = (  # negations of something else, which end no other cue's scope
    r"no (?:significant |interval |appreciable |substantial |definite )*(?:change|increase|decrease"
    r"|improvement|difference|progression)(?: in| of)?|not (?:only|just|merely)|no doubt"
    r"|not (?:yet |been )?(?:drained|treated|recogni[sz]ed|reported|improved|changed)"
    r"|without (?:doubt|delay|any delay|change|improvement|treatment)|no longer small"
    r"|no (?:prior|previous|comparison|old|earlier|clinical) \w+(?: \w+)?|not to be missed"
    r"|(?:no|absent|absence of) (?:(?:peripheral|pulmonary|lung|vascular|bronchovascular) )*"
    r"(?:markings?|sliding|breath sounds?|air entry)"  # signs of what they are said with
    r"|(?:absence de|pas de|sans) (?:trame|glissement pleural|murmure vesiculaire)"
    r"|pas (?:seulement|que)|pas de (?:changement|modification|cliche"
    r"|comparaison)(?: anterieur\w*)?"
    r"|sans (?:changement|delai|doute|attendre)|aucun doute|aucun changement"
    r"|no (?:pulmao|lobo|campo|terco|apice|hemitorax|lado|seio|hilo|torax|espaco|angulo)"  # em o
    r"|nao (?:so|apenas)|sem (?:alterac\w+|duvida|demora)|no (?:solo|hay duda)|sin (?:cambios?|duda"
    r"|demora)|ba shakka|babu shakka"
)
_IN_DOUBT = (
    r"(?:cannot|can not|can't|could not|couldn't|not|difficult to|hard to|unable to) "
    r"(?:be |been |confidently |entirely |completely |fully |reliably |definitively )*"
    r"(?:exclude[ds]?|rule(?:d)? out|ruling out)"
    r"|pas (?:formellement |totalement |completement )?(?:exclu\w*|elimin\w*|ecart\w*)"
    r"|(?:ne|n') ?(?:peut|peuvent|saurait|pouvons)(?: pas)?(?: etre)?(?: formellement)?"
    r" (?:exclu\w*|elimin\w*|ecart\w*)"
    r"|nao (?:se )?(?:pode(?:-se)?|podem|e possivel|foi)(?: ser)? (?:exclui\w*|descart\w*|afast\w*)"
    r"|nao (?:descartad|afastad)\w*|no descartad\w*"
    r"|no (?:se )?(?:puede|pueden|es posible)(?: ser)? (?:exclui\w*|descart\w*)"
    r"|ba za a iya (?:kawar|cire|ware|musanta)\w*"
)
_DENIED_BEFORE = re.compile(
    r"\b(?:no|not|nothing to (?:suggest|indicate)|without|never|neither|nor|denie[sd]"
    r"|absence of|absent|negative for|free of"
    r"|free from|clear of|lack(?:s|ing)?(?: of)?|exclude[ds]?|excluding|ruled out|rules out"
    r"|rather than|instead of|unlikely(?: to (?:be|represent|reflect))?"
    r"|(?:is|are|was|does|do|did|has|have)n't|resolution of|fail(?:s|ed)? to show"
    r"|pas|plus de|aucune?s?|sans|ni|absence d(?:e|es|u|')?|jamais|plutot qu(?:e|')?"
    r"|au lieu d(?:e|es|u|')?|exclut|exclu|elimine"
    r"|ecarte"
    r"|disparition d(?:e|es|u|')?|resolution d(?:e|es|u|')?|peu probable"
    r"|nao|sem|nenhuma?|nem|ausencia d(?:e|es|u|')?|em vez de|descarta(?:d[oa])?"
    r"|exclui(?:d[oa])?|resolucao d"
    r"|afastad[oa]|sin|ningun[oa]?|ausencia de|en vez de|en lugar de|descartad[oa]|excluye"
    r"|babu|ba tare da|maimakon|marasa|maras|rashin)\b"
)
_DENIED_NEAR = re.compile(  # these reach no further than a comma
    r"\b(?:nil(?! by mouth| drain)|none of(?! the drains?\b)"
    r"|nothing(?! (?:was|has been|can be)\b)|mimic\w*|simulat(?:es|ing)|mistaken for"
    r"|confused with|resolved)\b(?:(?!\b(?:with|beyond|and is)\b)[^,])*$"
)
_HAUSA = re.compile(r"\b(?:ba|ban|bai|bata|ba'a|baya)\b")
_NOT_EARLIER = r"(?! (?:before|previously|yesterday)\b)"  # what was not there then is new
_DENIED_AFTER = re.compile(
    r"\b(?:not|n't|no longer|never|cannot be) (?!previously\b)(?:\w+ ){0,2}"
    r"(?:seen|identified|present|visible|evident"
    r"|visuali[sz]ed|detected|demonstrated|noted|suspected|appreciated|found|required|needed"
    r"|indicated|necessary|warranted|applicable|expected|shown|apparent|likely|the case)\b"
    rf"{_NOT_EARLIER}"
    r"|\b(?:is|are|was|were|been|now|has|have) (?:(?!not|part|incomplete|nearly|almost)\w+ )?"
    r"(?:absent|gone|excluded|ruled out|unlikely|resolved|negative|drained)\b"
    r"|\b(?:is|are|has|have) (?:(?:now|since|fully|completely|entirely|totally) )*"
    r"(?:cleared(?! for\b)|re-?expanded)\b"
    r"|^ ?(?:absent|unlikely|resolved|excluded|ruled out)\b"
    r"|\b(?:n'est|ne sont|n'a|n'ont|n'y|ne se) (?:\w+ )?(?:pas|plus)\b|\bnon (?:vu|vis|retrouv"
    r"|visualis|identifi|mis|necessair|indiqu)\w*|\b(?:est|sont|a ete) (?:exclu|elimin|absent"
    r"|ecart)"
    r"|^ ?(?:exclue?s?|elimine|ecarte|resolue?s?)\b|\bpeu probable|\ba disparu"
    r"|\b(?<!partiellement )resolu\w*"
    r"|^ ?absente?s?\b"
    r"|\b(?:nao|nunca) (?:\w+ ){0,2}(?:visiv\w*|vist\w*|identific\w*|observ\w*|evidenci\w*|present"
    r"\w*|necessari\w*|indicad\w*|detect\w*|demonstr\w*)|\bausentes?\b|\bdescartad\w*|\bexcluid\w*"
    r"|\b(?<!parcialmente )resolvid\w*|\bimprovave\w*"
    r"|\bno (?:se )?(?:\w+ ){0,2}(?:observ|v[ei]\b|vist|identific|aprecia|visuali|evidenci|necesari"
    r"|indicad|detect|present)\w*|\b(?<!parcialmente )resuelt\w*|\bimprobable"
    r"|\bba (?:a|ya|ta|shi|su) (?:\w+ ){0,3}ba\b|\bbabu (?:shi|ita|su|alamar)\b"
)
_RETURNED = re.compile(  # `… was drained but has come back`
    r"(?:\bbut|\band|,) (?:it )?(?:(?:is|are|has|have) )?(?:(?:now|again|since) )*"
    r"(?:come back|back|recurred|re-?accumulated|re-?appeared|large|seen|visible|present)\b"
)
_ANSWERED_NO = re.compile(  # `Pneumothorax: none.`
    r"^[\w '/-]{0,40}[:=?|\u2013-] *\(?(?:no|none|nil|absent|absente?s?|negative|non|aucune?s?|nao"
    r"|ausente|negativ[oa]|ninguno?a?|nenhum|babu|a'a)\b"
    r"(?: (?:seen|visible|present|detected|identified|evident))? *(?:$|[.;,)|\n])"
    r"|^ ?\((?:no|absent|none)\)"
    r"|^ (?:is|was|were) considered,? (?:but|and) (?:is |was |has been |felt )?(?:excluded"
    r"|ruled out|unlikely"
    r"|not (?:seen|present|likely|supported|confirmed|found|favou?red|identified))\b"
)
CONDITION = re.compile(
    r"\b(?:(?<!even )if(?! possible\b)|unless|should (?:the|he|she|it|they|symptoms|any)"
    r"|(?:at|for|with) any (?:danger|warning) signs?"
    r"|in case of|when (?:symptoms|worse|danger|warning|breathing (?:worsens|becomes|gets))"
    r"|depending on"
    r"|si(?! possible\b)|s'il|sauf(?! avis contraire\b| contre-indication\b)|en cas d(?:e|es|u|')?"
    r"|selon|se (?:houver|piorar|surgir|o|a|os|as|tiver)|caso(?! grave\b)"
    r"|a menos que|a nao ser|em caso de|en caso de|salvo|idan|in har|sai dai idan)\b"
)
"""What makes the rest of a sentence a matter of what may come."""
HISTORY = (  # what the sender said or asked, and the model repeats
    r"(?:clinical )?(?:history|indication|question)|antecedents|motif"
    r"|reason for (?:the )?(?:exam\w*|study|request|imaging|x-?ray|film|scan)"
    r"|renseignements cliniques|historia clinica|indicacao|indicacion"
)
ASKED = re.compile(rf"\W*(?:{HISTORY}) ?: ")
_SUPPOSED_BEFORE = re.compile(
    r"\b(?:if|unless|in case of|in the event of|should (?:the|he|she|it|they|there|symptoms|any|a)"
    r"|should \w+ (?:\w+ )?(?:worsen|deteriorate|develop|occur|fall|drop|rise|appear|arise|become)"
    r"|risk of|risks of|risk for|(?:to |must |should |please )?(?:rule out|exclude)"
    r"|r/o|(?:evaluate|assess|assessment|look|looking|check|monitor|watch|observe|screen|evaluation"
    r"|investigate|test|search)(?: \w+)?(?: out)? (?:for|of)|(?:prevent|avoid)(?:s|ing)?"
    r"|(?:may|can|could|might|would|will) (?:lead to|cause|develop|progress|evolve|result in|become"
    r"|indicate a risk)|progress(?:ion)? to|complications? (?:such as|like|including)"
    r"|such as|for example|e\.g\.|history of|h/o|hx of|status post|s/p"
    r"|after (?:\w+ ){0,2}(?:drainage|evacuation|treatment|repair) of|treatment (?:of|for)"
    r"|treated for|management of|whether|question of|what is"
    r"|s'il|si|en cas d(?:e|es|u|')?|risque d(?:e|es|u|')?|recherch\w+|surveill\w+"
    r"|a la recherche d(?:e|es|u|')?|pour (?:exclure"
    r"|eliminer|ecarter)"
    r"|antecedents? d(?:e|es|u|')?|(?:peut|pourrait|peuvent) (?:evoluer|entrainer|causer"
    r"|conduire|se compliquer)"
    r"|prevenir|eviter|tel(?:le)?s? que"
    r"|caso|em caso de|se (?:houver|surgir|desenvolver|aparecer|ocorrer|tiver)|risco de|vigiar"
    r"|monitori[sz]ar|para (?:excluir|descartar|afastar)|(?:historia|antecedentes?) de"
    r"|pode (?:evoluir|levar|causar)|evitar|tais como"
    r"|en caso de|riesgo de|vigilar|puede (?:evolucionar|llevar|causar)|tales como"
    r"|idan|in har|don (?:a )?(?:tabbatar|duba|gane|kawar)\w*|hadarin|tarihin|kafin)\b"
)
_PAST_BEFORE = re.compile(
    r"\b(?:previous|previously noted|prior|old|healed|former|past|ancien\w*|antig\w+|previ[oa]"
    r"|anterior"
    r"|na da) (?:\w+ ){0,2}$"
    r"|\b(?:complete|full) re-?expansion (?:\w+ ){0,4}?after (?:(?:an?|the|tension|large) ){0,2}$"
)
_SUPPOSED_AFTER = re.compile(
    r"^ ?would\b|^ ?(?:can|may|might|could) (?:also )?(?:occur|develop|arise|happen|be missed"
    r"|follow)\b"
    r"|\b(?:should|must|needs? to|to) be (?:excluded|ruled out|considered|assessed|checked)"
    r"|\b(?:a|doit etre|devrait etre) (?:exclu|elimin|recherch)\w*|\bdeve ser (?:exclui|descart)"
    r"|\bdebe (?:exclui|descart)"
)
_DOUBTED = re.compile(
    r"\b(?:possibl[ey]|possibility|may|might|could|questionable|equivocal|uncertain|unclear"
    r"|perhaps|maybe|differential|versus|vs|eventuel\w*|pourrait|peut[- ]etre|peut|possiveis"
    r"|possivel"
    r"|pode|poderia|talvez|eventual|podria|puede|posible|quizas?|mai yiwuwa|yana iya|watakila"
    r"|zai iya|ana zargin)\b"
)
_TURN = re.compile(  # where what was denied before ends
    r"[;]|\u2014|\u2013| - |(?<!\bfor)(?<!\bof)(?<!\bno): |\b(?:but|however|although|though"
    r"|except|apart from|aside from"
    r"|other than"
    r"|yet|nevertheless|nonetheless|now|instead|despite|because of|due to|secondary to|which|while"
    r"|whereas|mais|cependant|toutefois|par contre|en revanche|malgre|alors que|hormis|en dehors d"
    r"|mas|porem|contudo|todavia|no entanto|apesar de|enquanto|pero|sin embargo|aunque|salvo"
    r"|mientras"
    r"|amma|sai dai|duk da|akwai|in the setting of"
    r"|(?<!nothing to )(?:suggest\w*|indicat(?:es?|ed|ing|ive))"
    r"|consistent with|compatible (?:with|avec|com|con)|evocat\w*|sugere\w*|sugiere\w*)\b"
    r"|(?:^|,|\band\b|\bet\b|\be\b|\by\b) ?(?:there (?:is|are|appears)|il y a|il existe|on note"
    r"|on voit"
    r"|ha|hay|existe|se observa|observa-se|nota-se|se ve|we see|i see|shows|showing)\b"
    r"|\b(?:is|are|was|were) (?:seen|identified|noted|visuali[sz]ed|visible|evident|present"
    r"|detected"
    r"|found|demonstrated|normal|clear|intact|enlarged)\b(?! (?:of|to|that|for)\b)"
    r"|, (?:an?|the|une?|um|uma|un|una|o|a|el|la|le) (?=\w)|\band (?:an?|the) (?=\w)"
    r"|, (?:large|massive|huge|tension|extensive|gross) (?:right|left|bilateral|-?sided|tension)"
    r"|, (?:right|left)[- ]sided"
)
_LIST_GOES_ON = re.compile(r",|\b(?:or|nor|and|ou|ni|et|e|y|o|nem)\b")
_OF_ITS_OWN = re.compile(  # `No fracture, large haemothorax.`: the last of a list has no size
    r", (?:large|massive|huge|gross|extensive|tension|volumineux|enorme|grande?|macico)"
    rf" (?:(?!{_LIST_GOES_ON.pattern})[\w-]+ ){{0,3}}$"
)
_OTHER_SIDE = re.compile(  # `No pneumothorax on the left, but on the right there is one.`
    r"\bbut (?:on|in) the (?:right|left)(?: side)?,? (?:there is|is) one\b"
    r"|\bbut (?:there is )?one (?:is )?(?:\w+ )?(?:on|in) the (?:right|left)\b"
)
_LEADS = re.compile(r"(?:^|: )\W*$")
_ITEM = (  # of a list of findings: a normal structure that is not seen denies none
    r"(?:(?!(?:but|with|mais|mas|pero|the|other|further|additional|les?|autres?|outr[oa]s?"
    r"|otr[oa]s)\b)[\w-]+ ){0,3}?"
    r"(?:p?neumo\w+|(?:ha?emo|hydro)thora\w+|h?emothorax|effusions?|consolidations?|collapse"
    r"|free (?:air|gas|fluid)|fractures?|nodules?|mass(?:es)?|(?:oe?|e)dema|lesions?|infiltrates?"
    r"|ha?ematomas?|ha?emorrhages?|bleed\w*|dislocations?|epanchements?|foyers?|derrames?"
    r"|consolidac\w+|fra(?:c)?turas?)"
)
_LIST_DENIED = re.compile(  # `Pneumothorax, effusion and free air are not seen.`
    rf"(?:, {_ITEM}){{0,6}},? (?:and|or|et|ou|e|y) {_ITEM}"
    r" (?:(?:are|were) (?:not (?:seen|present|identified|visible|detected|evident|found)|absent"
    rf"|excluded)\b{_NOT_EARLIER}"
    r"|sont absents|estao ausentes|ne sont pas (?:vu|vis|retrouv|identifi)"
    r"|nao sao (?:vis|identific|observ)|nao se (?:ve|observ|identific)"
    r"|no se (?:v|observ|identific))"
)
_CLAUSE_END = re.compile(
    r"[;]|\u2014| - |\b(?:but|however|although|though|mais|cependant|mas|porem|pero|amma|sai dai"
    r"|with|avec|com|con|and|et|y|da)\b|,"
)


def standing(plain: str, start: int, end: int) -> Standing:
    """How a sentence says the thing at a place in it.

    Args:
        plain: The sentence, folded.
        start: Where the thing is named.
        end: Where its name ends.

    Returns:
        Affirmed where nothing says otherwise.
    """
    before, after = plain[max(0, start - REACH_CHARS) : start], plain[end : end + REACH_CHARS]
    doubted = _doubted(before, after)
    if doubted:
        before, after = _IN_DOUBT_RE.sub(_blank, before), _IN_DOUBT_RE.sub(_blank, after)
    before = _NOT_DENIED_RE.sub(_blank, before)
    asked = ASKED.match(before)
    turned = [match.end() for match in _TURN.finditer(before, asked.end() if asked else 0)]
    clause = before[turned[-1] :] if turned else before
    if _OF_ITS_OWN.search(f"{before}{plain[start:end]} ") and not _LIST_GOES_ON.search(after):
        clause = ""
    ends = _CLAUSE_END.search(after)
    following = after[: ends.start()] if ends else after
    gone = _DENIED_AFTER.search(following) and not _RETURNED.search(after)
    if _OTHER_SIDE.search(after):
        return Standing.AFFIRMED
    if _denied(clause) or gone or _ANSWERED_NO.search(after):
        return Standing.NEGATED
    if _LEADS.search(before) and _LIST_DENIED.match(after):
        return Standing.NEGATED
    if (asked and not turned) or _supposed(clause, following) or plain.rstrip().endswith("?"):
        return Standing.SUPPOSED
    hedged = doubted or _DOUBTED.search(clause) or _DOUBTED.search(following)
    return Standing.DOUBTED if hedged else Standing.AFFIRMED


_NOT_DENIED_RE = re.compile(rf"\b(?:{_NOT_DENIED})\b|(?:^|[:?]) *no, ")
_IN_DOUBT_RE = re.compile(rf"\b(?:{_IN_DOUBT})")


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _doubted(before: str, after: str) -> bool:
    return any(_IN_DOUBT_RE.search(part) for part in (before, after))


def _denied(clause: str) -> bool:
    """Whether a cue stands before; Hausa denies between two: `ba … ba`, so a pair is over."""
    cued = _DENIED_BEFORE.search(clause) or _DENIED_NEAR.search(clause)
    return cued is not None or len(_HAUSA.findall(clause)) % 2 == 1


def _supposed(clause: str, following: str) -> bool:
    return (
        _SUPPOSED_BEFORE.search(clause) is not None
        or _PAST_BEFORE.search(clause) is not None
        or _SUPPOSED_AFTER.search(following) is not None
    )
