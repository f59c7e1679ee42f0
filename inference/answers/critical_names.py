"""The names of critical findings, in five languages.

After the ACR's categories of findings that are told at once. Knows words alone; must not know how
a sentence denies them.
"""

import re
from dataclasses import dataclass

from inference.contract import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalFinding:
    """A finding, by its names.

    Args:
        named: What it is called, folded.
        beside: What else must stand in the sentence, None for nothing.
        conditional: Whether a condition after it makes it harmless too, as with advice.
    """

    urgency: Urgency
    named: re.Pattern[str]
    beside: re.Pattern[str] | None = None
    conditional: bool = False


def _words(text: str) -> re.Pattern[str]:
    """A pattern of alternatives, one a line, whole words."""
    alternatives = "|".join(line.strip() for line in text.strip().splitlines())
    return re.compile(rf"\b(?:{alternatives})")


PNEUMOTHORAX = r"(?:hydro|ha?emo)?p?neumot(?:h)?ora\w*"
_TUBE = _words(
    r"""
    tubes?\b
    ett\b
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
_GULLET_TUBE = _words(
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
_WINDPIPE_TUBE = _words(
    r"""
    ett\b
    endotracheal
    tracheal tube
    sonde d'intubation
    tubo (?:endo|oro)?traqueal
    intub\w+
    """
)

FINDINGS = (
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            rf"""
            tension (?:hydro|ha?emo)?pneumothora\w*
            {PNEUMOTHORAX} (?:\w+ )?(?:under|with|in|a|sob|mai) (?:\w+ )?(?:tension|tensao)\b
            {PNEUMOTHORAX} (?:\w+ )?(?:compressif|suffocant|sous tension|hipertensiv\w+|de tens\w+)
            tension physiology
            (?:large|massive|complete|total|huge|big) (?:[\w-]+ ){{0,3}}{PNEUMOTHORAX}
            (?:volumineux|grand|grande?|gran) (?:[\w-]+ ){{0,2}}{PNEUMOTHORAX}
            {PNEUMOTHORAX} (?:\w+ )?(?:complet|de grande abondance|de grande volume|volumos\w+)
            """
        ),
    ),
    CriticalFinding(urgency=Urgency.URGENT, named=re.compile(rf"\b{PNEUMOTHORAX}")),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            p?neumoperiton\w*
            pneumoperitoine
            free (?:[\w-]+ ){0,2}(?:air|gas)\b
            air (?:is )?(?:\w+ )?(?:under|below|beneath) (?:the )?(?:\w+ )?(?:hemi)?diaphragms?
            sub-?diaphragmatic (?:free )?(?:air|gas)
            sub-?diaphragmatic lucency
            perforated (?:viscus|bowel|ulcer|append\w+|hollow \w+|colon|stomach)
            (?:bowel|gastric|intestinal|viscus|hollow viscus|colonic|duodenal) perforation
            (?:air|gaz) (?:libre|intra-?peritoneal)
            croissants? gazeux
            perforation (?:digestive|intestinale|gastrique|d'organe creux|of|du)
            (?:ar|gas|aire) livre
            (?:aire|gas) libre
            perfuracao
            perforacion
            iska (?:\w+ ){0,2}(?:a )?karkashin
            iska mai yanci
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            p?neumo-?mediastin\w*
            mediastinal (?:air|emphysema|gas)\b
            (?:air|gas) in the mediastinum
            emphyseme (?:mediastinal|du mediastin)
            (?:ar|aire) (?:no|en el) mediastino
            (?:oesophageal|esophageal) (?:rupture|perforation)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            mis-?placed
            mal-?position\w*
            mal-?placed
            dislodged
            (?:wrongly|incorrectly) (?:placed|positioned)
            coiled in
            mal (?:positionne|place)\w*
            mal (?:posicionad|colocad)\w*
            (?:deslocad|desplazad)[oa]
            ya kauce
            """
        ),
        beside=_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            (?:in|into|within|over|to) the (?:right |left )(?:(?:main|lower|upper|middle)[- ]?(?:stem )?)?(?:lobe )?bronch\w+
            (?:right |left )main ?-?stem\b
            (?:dans|en|no|en el) (?:la |le |el )?(?:bronche|bronquio)\w*
            """
        ),
        beside=_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
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
        named=_words(
            r"""
            in the (?:right |left )lungs?\b
            cikin huhu\w*
            """
        ),
        beside=_TUBE,
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
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
        named=_words(
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
        named=_words(
            r"""
            (?:massive|very large|huge|tension) (?:[\w-]+ ){0,3}(?:effusions?|hydrothorax|ha?emothorax)
            tension hydrothorax
            white-?out
            (?:complete |total |near-complete )?opacification of the (?:\w+ )?(?:hemi-?thorax|lung)
            opaque (?:\w+ )?hemi-?thorax
            hemi-?thorax (?:\w+ )?(?:opaque|blanc)
            poumon blanc
            epanchement (?:\w+ ){0,3}(?:massif|de grande abondance|(?:tres )?abondant|compressif)
            derrame (?:\w+ ){0,3}(?:macico|massivo|masivo|volumoso|de grande volume)
            ruwa mai yawa
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=_words(r"(?:large|moderate to large) (?:[\w-]+ ){0,3}(?:effusions?|hydrothorax)"),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            tamponn?ades?
            tamponamento
            taponamiento
            (?:large|massive) pericardial effusion
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            (?:aortic|aorta) (?:dissection|rupture|transection|injury)
            dissect\w+ (?:of the |de l'|da |de la )?(?:\w+ )?aort\w+
            dissection aortique
            diss?ecc?(?:ao|ion) (?:da aorta|aortica|de (?:la )?aorta)
            ruptured (?:\w+ ){0,3}aneurysms?
            aneurysm rupture
            rupture (?:de l'|d'|d'un )(?:anevrisme|aorte)
            rutura (?:de |da )(?:aneurisma|aorta)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=_words(
            r"""
            (?:widened|widening of the) mediastinum
            mediastinal widening
            elargissement (?:du mediastin|mediastinal)
            mediastin (?:\w+ )?elargi
            alargamento (?:do mediastino|mediastinal)
            ensanchamiento (?:del mediastino|mediastinal)
            (?:mediastinal|tracheal) (?:shift|deviation|displacement)
            (?:shift|deviation|displacement) of the (?:mediastinum|trachea)
            refoul\w+ (?:du |le )mediastin
            deviation (?:du mediastin|de la trachee|mediastinale|tracheale)
            (?:mediastin|trachee) (?:\w+ )?(?:devie|refoule|deplace)\w*
            desvio (?:do mediastino|da traqueia|mediastinal)
            desviacion (?:del mediastino|de la traquea|mediastinica)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=_words(r"(?:widened|shifted|deviated|displaced|pushed)\b"),
        beside=_words(r"(?:mediastinum|trachea)\b"),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            (?:intra|extra|sub|epi)-?(?:cranial|cerebral|parenchymal|dural|arachnoid|ventricular|axial) (?:ha?emorrhages?|ha?ematomas?|bleed\w*)
            (?:cerebral|brain) (?:ha?emorrhages?|ha?ematomas?|bleed\w*|herniation)
            (?:uncal|tonsillar|transtentorial|subfalcine) herniation
            (?:hematome|hemorragie)s? (?:sous|extra|intra)-?\w+
            hemorragie (?:meningee|cerebrale)
            (?:hematoma|hemorragia)s? (?:subdural|epidural|extradural|sub-?aracnoid\w*|intracran\w*|intracerebral|cerebral)
            (?:left-to-right |right-to-left )?midline shift
            deviation de la ligne mediane
            desvio da linha media
            desviacion de la linea media
            engagement (?:cerebral|temporal|amygdalien|sous-falcoriel)
            (?:zubar )?jini a kwakwalwa
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            pulmonary (?:artery )?emboli?\w*
            saddle embol\w+
            embolies? pulmonaires?
            embolia pulmonar
            tromboembolismo pulmonar
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            volvulus
            volvulo
            pneumatosis
            pneumatose
            portal venous gas
            gas in the portal vein
            necroti[sz]ing enterocolitis
            enterocolite (?:ulcero-?)?necrosante
            (?:bowel|mesenteric|intestinal) ischa?emia
            toxic megacolon
            intussusception
            invagination intestinale
            invaginac(?:ao|ion) intestinal
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=_words(
            r"""
            (?:bowel|intestinal|colonic|gastric outlet) obstruction
            occlusions? (?:intestinale|digestive|du grele|colique)
            obstruc(?:ao|cao|cion) intestinal
            toshewar hanji
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            foreign body (?:\w+ )?(?:in|within|of) the (?:\w+ )?(?:main )?(?:airway|trachea|larynx|bronch\w+|o?esophagus)
            (?:inhaled|aspirated|tracheal|bronchial|laryngeal|airway) foreign body
            foreign body aspiration
            airway (?:obstruction|compromise|compression)
            tracheal (?:compression|stenosis|obstruction)
            compression of the (?:trachea|airway)
            epiglottitis
            thumb(?:print)? sign
            button battery
            pile bouton
            corps etrangers? (?:\w+ )?(?:dans|des|de la|du|bronchique|intra-?bronchique|tracheal)
            obstruction des voies aeriennes
            corpo estranho (?:na|no|nas|em) (?:\w+ )?(?:via|vias|traqueia|bronquio|esofago)
            cuerpo extrano en (?:la|el) (?:via|traquea|bronquio|esofago)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            (?:spinal )?cord (?:compression|injury)
            cauda equina
            compression medullaire
            compressao medular
            compresion medular
            unstable (?:\w+ ){0,3}fractures?
            fracture[- ]dislocation of [ctl]\d
            (?:cervical|atlanto-?axial|facet|vertebral|c\d\W?c?\d?) (?:\w+ )?(?:dislocation|subluxation)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=_words(
            r"""
            ha?emo-?thora(?:x|ces)
            ha?emo-?pneumothorax
            hemotorax
            flail (?:chest|segment)
            volet (?:thoracique|costal)
            (?:diaphragmatic|diaphragm) rupture
            ruptured (?:hemi)?diaphragm
            necroti[sz]ing fasciitis
            fasciite necrosante
            gas gangrene
            gangrene gazeuse
            compartment syndrome
            testicular torsion
            torsion (?:du )?testicul\w+
            (?:ruptured )?ectopic pregnancy
            grossesse extra-?uterine
            gravidez ectopica
            embarazo ectopico
            open fractures?
            fractures? ouvertes?
            fratura exposta
            fractura (?:abierta|expuesta)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=_words(
            r"""
            pulmonary (?:oe?|e)dema
            (?:oe?|e)deme (?:aigu )?(?:du poumon|pulmonaire)
            edema (?:agudo )?(?:de |do )?pulm\w+
            ards\b
            acute respiratory distress
            sdra\b
            miliary
            miliaires?
            miliar\b
            empyema
            lung abscess
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        conditional=True,
        named=_words(
            r"""
            life[- ]threatening
            (?:medical|surgical|obstetric) emergency
            urgence (?:vitale|chirurgicale|medicale|absolue)
            emergencia (?:medica|cirurgica|quirurgica)
            ris(?:co|que) (?:de vida|vital)
            riesgo vital
            immediate (?:needle |surgical |medical |chest )*(?:decompression|tube|drain\w*|intervention|surgery|referral|transfer|attention|evaluation|evacuation|treatment|consultation|thoracostomy)
            needle (?:decompression|thoracostomy)
            (?:decompress|exsuffl|drainer|intub)\w* (?:now|at once|immediately|immediatement)
            taimakon gaggawa nan take
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        conditional=True,
        named=_words(
            r"""
            urgent (?:\w+ ){0,2}(?:referral|consultation|evaluation|review|surgery|transfer|attention|care|intervention|treatment|drainage|ct)
            avis (?:chirurgical )?urgent
            transfert urgent
            (?:avaliacao|transferencia|cirurgia) urgente
            (?:evaluacion|traslado|cirugia) urgente
            """
        ),
    ),
)
