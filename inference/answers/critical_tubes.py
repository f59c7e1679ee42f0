"""Tubes and lines that lie where they harm, in five languages.

Knows words alone, as `critical_names` does; of some a name is a denial itself: "not in the trachea".
"""

from inference.answers.critical_names import CriticalFinding, phrases
from inference.contract import Urgency

_TUBE = phrases(
    r"""
    tubes?\b
    etts?\b
    et tubes?\b
    ngt\b
    catheters?\b
    lines?\b
    cannula\b
    drain\b
    electrodes?\b
    sondes?\b
    tubos?\b
    sondas?\b
    cateter(?:es)?\b
    bututu\w*
    """
)
_GULLET_TUBE = phrases(
    r"""
    ngt?\b
    nasogastric
    orogastric
    feeding
    gastric tube
    sonde (?:naso)?gastrique
    sonda (?:naso)?gastrica
    """
)
_NO_OTHER_TUBE = r"(?:(?!(?:and|with|ngt?|naso\w*|oro\w*|not?)\b)[\w-]+ ){0,6}?"
_WINDPIPE_TUBE = phrases(
    r"""
    etts?\b
    et tubes?\b
    endotracheal
    tracheal tube
    sonde d'intubation
    tubo (?:endo|oro)?traqueal
    intub\w+
    """
)

TUBES = (
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            mis-?placed
            mal-?position\w*
            mal-?placed
            dislodged
            (?:wrongly|incorrectly) (?:placed|positioned)
            (?:coil|loop|curl)\w* (?:back|up|upon|in (?!(?:the )?(?:stomach|gastric|fundus)))
            too (?:deep|low|high|far|short)\b
            not (?:yet )?(?:in|within|inside) the stomach
            the tube (?:tip )?(?:is|lies) not (?:in|within) the trachea
            pas dans l'estomac
            nao (?:esta )?no estomago
            no (?:esta )?en el estomago
            outside (?:of )?the (?:trachea|stomach|pleura\w*)
            mal (?:positionne|place)\w*
            enroulee?s? (?:dans|sur)
            mal (?:posicionad|colocad)\w*
            (?:deslocad|desplazad)[oa]
            ya kauce
            """
        ),
        beside=_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            (?:in|into|within|over|to) (?:the )?(?:right |left )(?:(?:main|lower|upper|middle)[- ]?(?:stem )?)?(?:lobe )?bronch\w+
            (?:right |left )main ?-?stem\b
            (?:dans|en|no|en el) (?:la |le |el )?(?:bronche|bronquio)\w*
            """
        ),
        beside=_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            (?:in|into|within|over) the (?:right |left )?(?:lungs?|airways?|trachea|bronch\w+|pleura\w*|larynx)
            (?:dans|no|na|en el|en la) (?:le |la |les )?(?:poumon|trachee|pulmao|pulmon|traqueia|traquea)\w*
            a cikin huhu\w*
            yana cikin huhu\w*
            """
        ),
        beside=_GULLET_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            in the (?:right |left )lungs?\b
            cikin huhu\w*
            """
        ),
        beside=_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            (?:in|into|within) the (?:o)?esophagus
            dans l'oe?sophage
            no esofago
            en el esofago
            """
        ),
        beside=_WINDPIPE_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            rf"(?:etts?|et tubes?|(?:endo)?tracheal tubes?) {_NO_OTHER_TUBE}(?:in|into|within) (?:the )?(?:stomach|gastric|fundus)"
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            (?:main ?-?stem|bronchial|endobronchial|oesophageal|esophageal|selective) intubation
            intubation (?:selective|oe?sophagienne|bronchique)
            (?:d'intubation|intubation) (?:\w+ )?selective
            intubacao (?:seletiva|esofagica)
            intubacion (?:selectiva|esofagica)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            (?:projects?|lies|lying|ends?|terminates?|tip|courses?|passes|enters|follows)(?: (?!with\b|and\b)\w+){0,5}? (?:in|into|within|over) the (?:\w+ ){0,3}?(?:lobe|lungs?|hemi-?thorax)\b
            not (?:\w+ ){0,2}?(?:below|past|beneath|beyond|cross|reach)\w* the (?:\w+ )?(?:diaphragm|stomach)
            above the (?:\w+ )?diaphragm
            """
        ),
        beside=_GULLET_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            (?:below|beyond|past|at|on) the (?:level of the )?carina
            not (?:in|within|inside) the trachea
            pas dans la trachee
            nao (?:esta )?na traqueia
            no (?:esta )?en la traquea
            above the (?:thoracic inlet|clavicles|vocal cords|larynx|glottis)
            """
        ),
        beside=_WINDPIPE_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(r"(?:in|into|within) the (?:\w+ )?(?:subclavian|carotid|innominate) artery"),
        beside=_TUBE,
    ),
)
