"""The names of critical findings in a patient, in five languages, and how they are described.

After the ACR's categories of findings that are told at once. Knows words alone; must not know how
a sentence denies them. Tubes stand in `critical_tubes`, what a text calls for in `critical_calls`.
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
        conditional: Whether a condition anywhere in the sentence makes it harmless, as with advice.
    """

    urgency: Urgency
    named: re.Pattern[str]
    beside: re.Pattern[str] | None = None
    conditional: bool = False


_ANY_WORD = r"(?:\w+ )"
_NO_DENIAL = r"(?:(?!(?:not?|non|pas|nao|ba)\b)\w+ )"  # `mediastin non elargi` is no name


def phrases(text: str) -> re.Pattern[str]:
    """A pattern of alternatives, one a line, whole words."""
    alternatives = "|".join(line.strip() for line in text.strip().splitlines())
    return re.compile(rf"\b(?:{alternatives.replace(_ANY_WORD, _NO_DENIAL)})")


PNEUMOTHORAX = r"(?:(?:hydro|ha?emo)?p?neumot(?:h)?ora\w*|ptx\b)"
BODY = (
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
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
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=phrases(
            rf"""
            {PNEUMOTHORAX}
            visceral pleural (?:line|edge)
            visible (?:lung|pleural) edge
            (?:lung|pleural) edge (?:is )?(?:seen|visible)
            deep sulcus
            (?:air|gas) (?:\w+ ){{0,2}}(?:in|within|into) the (?:\w+ ){{0,2}}pleural (?:space|cavity)
            pleural (?:air|gas)\b
            (?:absent|absence of|no|loss of|lack of|without) (?:visible |peripheral |normal |any )?lung markings
            collapsed (?:right |left )?lung
            lungs? (?:(?:is|are|has|have|been|now|almost|completely|totally|entirely|partially) ){{0,4}}collapsed
            (?:complete|total|near-complete) collapse of the (?:right |left |entire |whole )*lung
            collapse of the (?:right |left |entire |whole )+lung
            (?:left|right) lung (?:is )?down\b
            decollement pleural (?:gazeux|aerien)
            absence de trame
            ligne pleurale
            air dans (?:la plevre|l'espace pleural|la cavite pleurale)
            (?:ar|aire) (?:no|en el) espac(?:o|io) pleural
            poumon (?:droit |gauche )?(?:est )?(?:entierement |completement |totalement )?(?:collab|affaiss|retract)e
            collapsus (?:\w+ )?pulmonaire
            colapso (?:(?:total|completo|do|del|de) )*pulm\w+
            pulmao (?:direito |esquerdo )?(?:esta )?(?:totalmente |completamente )?colapsado
            iska (?:a )?wajen huhu
            huhu(?:n (?:dama|hagu))? (?:ya )?(?:rushe|rufe|matse)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            p?neumoperiton\w*
            pneumoperitoine
            free (?:[\w-]+ ){0,2}(?:air|gas)\b
            (?<!gastric )(?<!stomach )(?<!bowel )(?<!colon )(?<!colonic )(?:air|gas) (?:\w+ ){0,2}?(?:under|below|beneath) (?:\w+ ){0,3}?(?:(?:hemi)?diaphragms?|domes?)
            (?:air|gas) (?:is )?(?:\w+ )?between the liver
            outlin\w+ (?:of )?the falciform
            (?:rigler\w*|double[- ]wall|football) sign
            extra-?luminal (?:air|gas)
            (?:air|gas) outside the (?:\w+ )?(?:bowel|lumen|gut)
            sub-?diaphragmatic (?:free )?(?:air|gas)
            sub-?diaphragmatic lucency
            perforated (?:viscus|bowel|ulcer|append\w+|hollow \w+|colon|stomach)
            (?:bowel|gastric|intestinal|viscus|hollow viscus|colonic|duodenal) perforation
            (?:bowel|stomach|ulcer|viscus|colon|appendix) (?:is |has |has been )?perforated
            (?:air|gaz) (?:libre|intra-?peritoneal|sous-?diaphragmatique)
            (?:air|gaz) (?:\w+ )?sous (?:la |le |les )?(?:\w+ )?(?:coupoles?|diaphragm\w*)
            (?:ar|aire|gas) (?:\w+ )?(?:sob|bajo) (?:a |o |el |la )?(?:cupula|diafragma)
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
        named=phrases(
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
        named=phrases(
            r"""
            (?:massive|very large|huge|tension) (?:[\w-]+ ){0,3}(?:effusions?|hydrothorax|ha?emothorax)
            tension hydrothorax
            white[- ]?out
            (?:complete |total |near-complete )?opacification of the (?:\w+ )?(?:hemi-?thorax|lung)
            opaque (?:\w+ )?hemi-?thorax
            hemi-?th?orax (?:\w+ ){0,3}(?:opaque|opacified|opacifie|opaco|blanc|white)
            (?:entire|whole) (?:right |left )?lung (?:is )?(?:opacified|opaque|white)
            (?:complete|completely) white (?:right |left )?lung
            opacite (?:complete|totale) de l'hemithorax
            ruwa ya cika
            poumon blanc
            epanchement (?:\w+ ){0,3}(?:massif|de grande abondance|(?:tres )?abondant|compressif)
            derrame (?:\w+ ){0,3}(?:macico|massivo|masivo|volumoso|de grande volume)
            ruwa mai yawa
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=phrases(
            r"(?:large|moderate to large) (?:[\w-]+ ){0,3}(?:effusions?|hydrothorax|pleural (?:fluid|collection))"
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
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
        named=phrases(
            r"""
            (?:aortic|aorta) (?:dissection|rupture|transection|injury|tear)
            intimal flap
            contrast (?:leak\w*|extravasat\w*)
            active (?:bleeding|extravasation)
            dissect\w+ (?:of the |de l'|da |de la )?(?:\w+ )?aort\w+
            dissection aortique
            diss?ecc?(?:ao|ion) (?:da aorta|aortica|de (?:la )?aorta)
            ruptured (?:\w+ ){0,3}aneurysms?
            aneurysm rupture
            aneurysms?[\w ,]{0,40} (?:leaking|ruptured|rupturing)
            mediastinal ha?ematoma
            rupture (?:de l'|d'|d'un )(?:anevrisme|aorte)
            rutura (?:de |da )(?:aneurisma|aorta)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=phrases(
            r"""
            (?:widened|widening of the) mediastinum
            mediastinal widening
            mediastinum (?:\w+ ){0,3}(?:[89]|1\d)(?:[.,]\d)? ?cm
            elargissement (?:du mediastin|mediastinal)
            mediastin (?:\w+ )?elargi
            deplacement (?:du mediastin|de la trachee)
            desplazamiento (?:del mediastino|de la traquea)
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
        named=phrases(r"(?:widened|shifted|deviated|displaced|pushed)\b"),
        beside=phrases(r"(?:mediastinum|trachea)\b"),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            (?:intra|extra|sub|epi)-?(?:cranial|cerebral|parenchymal|dural|arachnoid|ventricular|axial) (?:ha?emorrhages?|ha?ematomas?|bleed\w*|blood|collections?)
            (?:cerebral|brain) (?:ha?emorrhages?|ha?ematomas?|bleed\w*|herniation)
            (?:uncal|tonsillar|transtentorial|subfalcine) herniation
            (?:hematome|hemorragie)s? (?:sous|extra|intra)-?\w+
            hemorragie (?:meningee|cerebrale)
            (?:hematoma|hemorragia)s? (?:subdural|epidural|extradural|sub-?aracnoid\w*|intracran\w*|intracerebral|cerebral)
            (?:left-to-right |right-to-left )?midline shift
            shift of (?:the )?midline
            midline (?:structures )?(?:(?:is|are) )?(?:shifted|displaced|deviated|pushed)
            (?:sah|edh|sdh)\b
            (?:saignement|hemorragia|sangramento|sangrado) (?:intracran\w+|cerebral|no cerebro|en el cerebro)
            effacement of the (?:basal )?cisterns
            (?:blood|bleeding|ha?emorrhage|ha?ematoma) (?:\w+ )?(?:in|within|into|over|around) the (?:\w+ ){0,2}?(?:brain|cisterns?|ventricles?|sulci|ganglia|thalamus|cerebell\w+|skull|hemisphere|(?:frontal|temporal|parietal|occipital) lobe)
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
        named=phrases(
            r"""
            pulmonary (?:artery )?emboli?\w*
            saddle embol\w+
            (?:filling defects?|thrombus|clot|embolus) (?:\w+ )?(?:in|within) the (?:\w+ ){0,3}pulmonary arter\w+
            pe in (?:the|both|a|left|right)\b
            embolies? pulmonaires?
            embolia pulmonar
            tromboembolismo pulmonar
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            volvulus
            volvulo
            pneumatosis
            pneumatose
            portal venous gas
            portal vein (?:gas|air)
            (?:air|gas) (?:in|within) (?:\w+ ){0,5}(?:bowel wall|portal veins?)
            necrotic bowel
            necroti[sz]ing enterocolitis
            enterocolite (?:ulcero-?)?necrosante
            (?:bowel|mesenteric|intestinal) ischa?emia
            toxic megacolon
            closed[- ]loop
            (?:whirl|coffee[- ]bean) sign
            strangulat\w+ (?:hernia|bowel|obstruction)
            ischa?emic bowel
            intussusception
            invagination intestinale
            invaginac(?:ao|ion) intestinal
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=phrases(
            r"""
            (?:bowel|intestinal|colonic|gastric outlet) obstruction
            dilated (?:\w+ ){0,3}bowel
            niveaux hydro-?aeriques
            occlusions? (?:intestinale|digestive|du grele|colique)
            obstruc(?:ao|cao|cion) intestinal
            toshewar hanji
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            foreign body (?:\w+ )?(?:in|within|of) the (?:\w+ )?(?:main )?(?:airway|trachea|larynx|bronch\w+|o?esophagus)
            (?:inhaled|aspirated|tracheal|bronchial|laryngeal|airway) foreign body
            (?:coin|pin|bead|seed|nut|peanut|tooth|battery|bone|screw|nail|needle|toy|object) (?:(?!not\b)\w+ ){0,4}?in the (?:\w+ )?(?:airway|larynx|trachea|glottis|bronch\w+|windpipe)
            (?:foreign body|peanut|nut|seed|bead|tooth) (?:aspiration|inhalation)
            narrow\w+ of the (?:airway|trachea)
            (?:airway|trachea) (?:is )?(?:severely |critically )?(?:narrowed|compressed|obstructed)
            airway (?:obstruction|compromise|compression)
            tracheal (?:compression|stenosis|obstruction)
            compression of the (?:trachea|airway)
            epiglottitis
            epiglottis (?:is )?(?:swollen|enlarged|thickened)
            (?:severe|critical|marked) (?:airway|tracheal) (?:narrowing|stenosis)
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
        named=phrases(
            r"""
            (?:spinal )?cord (?:is )?(?:compression|injury|compressed)
            canal compromise
            fractures? instables?
            fra(?:c)?tura (?:instavel|inestable)
            luxation (?:de )?c\d
            cauda equina
            compression medullaire
            compressao medular
            compresion medular
            unstable (?:\w+ ){0,3}(?:fractures?|spine|injur\w+|dislocation)
            (?:jumped|locked|perched) facets?
            hangman\w*
            (?:odontoid|dens|jefferson|burst) fractures?
            odontoid (?:(?:peg|process|is) )*fractur\w+
            fractures? of the (?:odontoid|dens)
            retropuls\w+
            fracture[- ]dislocation of [ctl]\d
            (?:cervical|atlanto-?axial|facet|vertebral|c\d\W?c?\d?) (?:\w+ )?(?:dislocation|subluxation)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.CRITICAL,
        named=phrases(
            r"""
            ha?emo-?thora(?:x|ces)
            ha?emo-?pneumothorax
            hemotorax
            flail\b
            volet (?:thoracique|costal)
            plaie (?:thoracique )?soufflante
            (?:diaphragmatic|diaphragm|splenic|liver) (?:rupture|laceration)
            (?:ruptured|lacerated|shattered) (?:hemidiaphragm|diaphragm|spleen|liver|kidney|bladder)
            rupture (?:diaphragmatique|splenique|du diaphragme|de la rate|du foie)
            ha?emoperitone\w+
            hemoperitoine
            gas (?:bubbles )?in (?:the )?(?:muscles?|soft tissues?)
            absent pulses?
            pulseless
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
            (?:open|compound) fractures?
            bone (?:is )?(?:protrud|sticking|visible through)\w*
            stevens[- ]johnson
            toxic epidermal
            placental abruption
            uterine rupture
            fractures? ouvertes?
            fratura exposta
            fractura (?:abierta|expuesta)
            """
        ),
    ),
    CriticalFinding(
        urgency=Urgency.URGENT,
        named=phrases(
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
            (?:abces|abscesso|absceso) (?:du |do |del )?(?:poumon|pulm\w+)
            hydrocephal\w+
            hidrocefalia
            septic arthritis
            arthrite septique
            (?:hip|knee|shoulder|elbow|ankle) dislocation
            dislocation of the (?:hip|knee|shoulder|elbow|ankle)
            (?:large|moderate) (?:\w+ ){0,2}free fluid
            retropharyngeal (?:abscess|collection|swelling)
            acute (?:\w+ ){0,3}(?:infarct\w*|stroke)
            placenta pra?evia
            f(?:o)?etal (?:demise|death)
            no f(?:o)?etal (?:heart\w*|cardiac) (?:motion|activity|beat)
            """
        ),
    ),
)
