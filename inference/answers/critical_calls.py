"""What a text calls for at once or today, whatever it found, in five languages.

Knows words alone, as `critical_names` does. A condition beside it makes a call harmless.
"""

from inference.answers.critical_names import CriticalFinding, phrases
from inference.contract import Urgency

_CARE = (
    r"(?:decompression|tube|drain\w*|intervention|action|surgery|operation|laparotomy|reduction"
    r"|removal|bronchoscopy|endoscopy|thoracostomy|referral|transfer|attention|evaluation|review"
    r"|assessment|evacuation|treatment|management|consultation|opinion|care|help|ct)s?\b"
)
_SEND = (
    r"(?:(?:be )?refer(?:red)?|be (?:seen|reviewed|drained|transferred|evacuated)|transfer|evacuate"
    r"|call|(?:send|take|bring) (?:him|her|the (?:patient|child|baby|mother|woman|man))|transferer|referer|evacuer|adresser|appeler|encaminh\w+|transferir|chamar|evacuar"
    r"|derivar|remitir|trasladar|llamar|a (?:kai|tura|kira))"
    r"(?: (?!if\b|when\b|unless\b|only\b|home\b|si\b|se\b|idan\b)[\w'-]+){0,6}?"
)
_SOIN = (
    r"(?:drainage|chirurgie|intervention|operation|evacuation|transfert|exsufflation|drenag\w+"
    r"|drenaje|cirurgia|cirugia|intervenc\w+|transferencia|traslado|evacuac\w+|descompres\w+)"
    r"(?: \w+)?"
)
_NO_CHOICE = r"(?! ?(?:/|,|or\b|ou\b))"  # `refer now, today or this week`: the question's own words

CALLS = (
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        conditional=True,
        named=phrases(
            rf"""
            life[- ]threatening
            (?:medical|surgical|obstetric) emergency
            (?:is|c'est|est|e|es) (?:an|une|uma|una) (?:emergency|urgence|emergencia|urgencia)
            urgence (?:vitale|chirurgicale|medicale|absolue)
            emergencia (?:medica|cirurgica|quirurgica)
            ris(?:co|que) (?:de vida|vital)
            riesgo vital
            (?<!after )(?<!post )(?:immediate|emergency) (?:\w+ ){{0,2}}?{_CARE}
            needle (?:decompression|thoracostomy)
            (?:decompress|exsuffl|drainer|intub)\w* (?:now|at once|immediately|immediatement)
            {_SEND} (?:now|immediately|at once|right away|straight away|without delay|immediatement|sans delai|tout de suite|imediatamente|sem demora|agora|inmediatamente|de inmediato|ahora|nan take|yanzu)\b{_NO_CHOICE}
            (?:referral|transfer|evacuation|surgery|drainage) (?:immediately|at once|now)\b{_NO_CHOICE}
            needs? (?:an? )?(?:surgeon|doctor|clinician|operation|chest drain) (?:now|immediately|at once)
            {_SOIN} (?:immediate?\b|imediat[oa]|inmediat[oa]|de emergencia)
            taimakon gaggawa nan take
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        conditional=True,
        named=phrases(
            rf"""
            (?:urgent|same[- ]day) (?:\w+ ){{0,2}}?{_CARE}
            {_SEND} (?:urgently|today|tonight|en urgence|aujourd'hui|com urgencia|hoje|con urgencia|urgentemente|hoy|a yau)\b{_NO_CHOICE}
            needs? (?:an? )?(?:surgeon|doctor|clinician|operation|chest drain) (?:today|tonight)
            {_SOIN} (?:en urgence|d'urgence|urgente?\b|de urgencia)
            avis (?:chirurgical )?urgent
            (?:avaliacao|evaluacion) urgente
            """
        ),
    ),
)
