"""The words of places in a chest, in four languages, and those that only look like them.

Knows words alone, folded. Must not know how a sentence denies them, nor what is made of a place.
"""

import re

from pictures.places import Side, Zone

CHEST = re.compile(
    r"\b(?:lungs?|lob[eo]s?|[rl][ul]l|rml|lingul\w+|pulmon\w*|pleur\w*|chest|thora\w+|hemithora\w+|pneumo\w+|consolidat\w+"
    r"|costo-?(?:phren|diaphragm|fren)\w+|epanchement|cardio-?phren\w+|(?:peri-?)?hil(?:ar|um)|airspace|(?:mid-?|upper |lower )zones?"
    r"|poumons?|condensation|hile|pulmoes|pulmao|torax|consolidac\w+|hilo|derrame"
    r"|huhu\w*|kirji\w*)\b"
)
OTHER_VIEW = re.compile(
    r"\b(?:ct|computed|tomogra\w+|tomodensitom\w+|scanner|tdm|mri|irm|axial|slices?|coupes?|cortes?"
    r"|ultrasound|echograph\w+|ecograf\w+|mammogra\w+|dermosc\w+"
    r"|lateral (?:chest|view|radiograph|film|projection|x-ray)|(?:cliche|vue|incidence) de profil"
    r"|(?:vista|incidencia|radiografia) (?:de|em) perfil|perfil (?:direito|esquerdo))\b"
)
ORIENTATION = re.compile(
    r"\b(?:dextrocardi\w*|situs inversus|mirror\w*|flipped|upside|laterality|reversed"
    r"|a l'envers|inversee? (?:droite|gauche)|en miroir|lateralite|espelhad\w*|lateralidade"
    r"|de cabeca para baixo|juye\w*)\b"
)
"""The text doubts which side is which, or the heart is on the other one."""

ELSEWHERE = re.compile(
    r"\b(?:shift\w*|deviat\w+|displac\w+|push\w+|devie\w*|deviat\w+|refoul\w+|deplac\w+|desvi\w+"
    r"|deslocad\w+|rotat\w+)[^.;,]{0,30}?\b(?:right|left|droite|gauche|direita|esquerda|dama|hagu)\b"
    r"|\b(?:right|left) (?:\w+ )?(?:ventric\w+|atri\w+|heart|lateral|posterior oblique|anterior oblique"
    r"|decubitus|arm|hand|shoulder|clavicl\w+|humer\w+|breast|upper quadrant|lower quadrant|now|away)\b"
    r"|\bleft (?:un\w+|alone|in place|behind)\b|\b(?:ventricul|oreillette|atri|auricul)\w* \w*"
    r"(?:droite?|gauche|direit[oa]|esquerd[oa])\b|\bupper (?:abdom\w+|limits?|mediastin\w+|airway)\b"
    r"|\b(?:lower|upper) (?:rib|limb|cervical|thoracic|lumbar|normal)\w*\b"
    r"|\b(?:mediastin\w+|mediastino) (?:superieur|superior|inferieur|inferior)\b"
    r"|\b(?:right|left) (?:side )?of the (?:picture|image|film|photo\w*|screen)\b"
    r"|\b(?:droite|gauche) (?:de l'image|du cliche|de la photo)\b"
    r"|\b(?:direita|esquerda) d[ao] (?:imagem|fotografia|foto|filme)\b|\b(?:dama|hagun?) na hoton?\b"
    r"|\bmoyenne (?:abondance|taille)\b|\btaille moyenne\b|\b(?:volume|tamanho|porte) medio\b"
    r"|\bno (?=apice|hilo|seio|angulo|lobo|pulmao|campo|terco|lado|hemitorax)"  # Portuguese: em o
    r"|\bvena cava superior\b|\bveine cave superieure\b|\bon the (?:basis|base) of\b"
)
"""Words of sides and heights that are no place of a finding in a lung."""

FINDING = re.compile(
    r"\b(?:consolidat\w+|opaci\w+|infiltrat\w*|effusions?|(?:hydro|ha?emo)?pneumothora\w+"
    r"|(?:ha?emo|hydro|pyo|chylo)thora\w+|(?:broncho)?pneumonia\w*|nodul\w+|mass(?:es)?|cavit\w+"
    r"|atelecta\w+|collapse[ds]?|o?edema|lesions?|shadow\w*|densit(?:y|ies)|fluid|air-?space"
    r"|fibro(?:sis|tic)|scar\w*|bronchiecta\w+|empyema|abscess\w*|tubercul\w+|blunt\w+|haz(?:e|y|iness)"
    r"|thickening|volume loss|granulom\w+|calcifi\w+|adenopath\w+|lymphadenopath\w+|bullae?|infection"
    r"|whiteout|white-out|patch\w*|streak\w*|enlarge\w*|prominen\w+|obliterat\w+|tumou?rs?|metasta\w+"
    r"|condensation\w*|epanchement\w*|pneumopathies?|pneumonies?|masses?|caverne\w*|excavation\w*"
    r"|collapsus|oedeme\w*|foyers?|emouss\w+|comblement|epaississement\w*|abces|adenopathie\w*"
    r"|opacidades?|infiltrad\w+|consolidac\w+|derrames?|p?neumotorax|hemotorax|massas?|cavernas?"
    r"|cavidades?|cavitac\w+|colapso|lesao|lesoes|apagamento|obliterac\w+|velamento|velad\w+|borramento"
    r"|espessamento|abscesso\w*|nodulos?|liquido|sombra"
    r"|duhu\w*|inuwa|farin\w*|fari|ruwa|namoniya|tarin fuka|ciwo\w*|dunkule\w*|tabo\w*|kumburi\w*"
    r"|rauni\w*|iska)\b"
)
ADVICE = re.compile(
    r"\W*(?:recommend|follow|repeat|advise|suggest|consider|compare|please|recomend|controle"
    r"|a (?:sake|maimaita|nemi))"
)
NORMAL = re.compile(
    r"^[^.;,]*?\b(?:clear|normal|unremarkable|intact|unaffected|spared|preserved|sharp|well[- ]aerated"
    r"|clean|libres?|normale?s?|normaux|claire?s?|intactes?|conservee?s?|sans (?:anomalie|particularite)\w*"
    r"|limpo\w*|normais|livres?|preservad\w+|sem (?:alterac\w+|lesoes)|lafiya|da kyau)\b"
)
_ZONE_WORD = (
    r"(?:lung |pulmonary )?(?:zones?|lobes?|fields?|thirds?|lungs?|regions?|parts?|hemithora\w+)"
)
SIDES = {
    Side.RIGHT: re.compile(
        r"\b(?:right(?:[- ]sided)?|r[ul]l|rml|rlz|ruz|rmz|droite?s?|direit[oa]s?|dama)\b"
    ),
    Side.LEFT: re.compile(
        r"\b(?:left(?:[- ]sided)?|lul|lll|luz|lmz|llz|lingul\w+|gauches?|esquerd[oa]s?|hagun?)\b"
    ),
    Side.BOTH: re.compile(
        r"\b(?:bi-?lateral\w*|bi-?bas\w+|bi-?apical\w*|bi-?hil\w+|both (?:the )?(?:lungs?|sides?|hemithora\w+"
        r"|bases|apices|hila|upper|lower|mid\w*|costo\w+|pleura\w*|perihilar)"
        r"|des deux (?:cotes|poumons|bases|champs|sommets|hiles|lobes)|(?:les|aux) deux (?:poumons|bases"
        r"|champs|sommets|hiles)|amb[oa]s (?:os |as )?(?:pulmoes|lados|bases|campos|apices|hilos)"
        r"|(?:duka|dukkan) (?:huhu\w*|bangaror\w+)(?: biyu)?|(?:huhu\w*|bangaror\w+) biyu|dama da hagun?"
        r"|hagu da dama)\b"
    ),
}
JOINED = re.compile(
    r"\bright (?:and|as well as) (?:the )?left\b|\bleft (?:and|as well as) (?:the )?right\b"
    r"|\bdroite? et (?:a |du cote )?gauche\b|\bgauche et (?:a |du cote )?droite?\b"
    r"|\bdireit[oa] e (?:[ao] )?esquerd[oa]\b|\besquerd[oa] e (?:[ao] )?direit[oa]\b"
)
ZONES = {
    Zone.UPPER: re.compile(
        rf"\bupper(?:[- ](?:and|to) (?:mid\w*|middle|lower))? {_ZONE_WORD}|\bupper (?=and|to|,)"
        r"|\b[rl]ul\b|\b[rl]uz\b|\bsuperieure?s?\b|\bsuperior(?:es)?\b|\bsama\w?\b"
    ),
    Zone.MIDDLE: re.compile(
        rf"\b(?:mid|middle)[- ]?(?:and |to )?(?:lower )?{_ZONE_WORD}|\bmid-?zones?\b|\brml\b|\b[rl]mz\b"
        r"|\blingul\w+|\bmoyen(?:ne)?s?\b|\bmedi[oa]s?\b|\btsakiya\w?\b"
    ),
    Zone.LOWER: re.compile(
        rf"\blower {_ZONE_WORD}|\b[rl]ll\b|\b[rl]lz\b|\binferieure?s?\b|\binferior(?:es)?\b|\bkasa\w?\b"
    ),
    Zone.APEX: re.compile(
        r"\b(?:bi-?)?api(?:cal\w*|ces)\b|\bapex\b|\bsommets?\b|\bapice\b|\bapica(?:l|is|ux)\b"
    ),
    Zone.HILUM: re.compile(
        r"\b(?:bi-?|peri-?|para-?|infra-?|supra-?)?hil(?:ar|um|a|aires?|es?|os?|ares)\b"
    ),
    Zone.BASE: re.compile(
        r"\b(?:bi-?)?bas(?:al|ilar|es?|ales?|aux|is)\b|\b(?:bi-?)?basa(?:l|is)\b|\bgindi\w?\b"
    ),
    Zone.COSTOPHRENIC: re.compile(
        r"\bcosto-?phreni\w+|\bcp angles?\b|\bcosto-?diaphragmati\w+|\bculs?-de-sac\b|\bcosto-?frenic\w+"
    ),
}
