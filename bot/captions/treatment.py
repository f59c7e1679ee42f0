"""Whether a question asks for a drug, a dose or what to do about a symptom: no picture says that.

Knows such questions in English, French, Portuguese and Hausa. Must not know what is said to them. A
question about the picture that names a drug or a symptom is none of them: "Could the cough be TB?".
"""

import re

from inference.answers.folding import composed, folded

_DRUG = (
    r"(?:drugs?|medicines?|medications?|antibiotics?|antibiotherapy|painkillers?|injections?"
    r"|infusions?|syrups?|tablets?|pills?|steroids?|diuretics?|antimalarials?|oxygen|insulin"
    r"|medicaments?|antibiotiques?|antalgiques?|corticoides?|comprimes?|sirops?|perfusions?"
    r"|antipaludiques?|oxygene|insuline|traitements?"
    r"|remedios?|medicamentos?|antibioticos?|analgesicos?|corticoides|comprimidos?|xaropes?"
    r"|injecoes|injecao|oxigenio|insulina|tratamentos?"
    r"|magani\w*|magungun\w*|allura\w*|kwayoyi\w*|kwaya\w*"
    r"|paracetamol|acetaminophen|aspirin\w*|ibuprof\w+|diclofenac\w*|tramadol|morphi\w+|morfina"
    r"|pethidine|diazepam|salbutamol|ventolin\w*|adrenalin\w*|epinephrin\w*|furosemid\w*|lasix"
    r"|predniso\w+|dexamet\w+|hydrocortison\w*|hidrocortison\w*|artemether|artesunat\w*"
    r"|coartem|quinin\w*|rifampicin\w*|isoniazid\w*|ethambutol|etambutol|pyrazinamid\w*"
    r"|rhze?|heparin\w*|warfarin\w*|septrin\w*|bactrim|co-?trimoxazol\w*|metronidazol\w*|flagyl"
    r"|gentamicin\w*|gentamycin\w*|ceftriaxon\w*|cefotaxim\w*|cef\w{4,}|augmentin|digoxin\w*"
    r"|\w{3,}cillin\w*|\w{3,}cilin\w*|\w{3,}mycin\w*|\w{3,}micin\w*|\w{3,}cyclin\w*"
    r"|\w{3,}ciclina|\w{3,}floxacin\w*)"
)
_SYMPTOM = (
    r"(?:fevers?|headaches?|vomiting|diarrh?o?ea|cough\w*|pains?|dizzy|dizziness|weak(?:ness)?"
    r"|breathless\w*|bleeding|convulsions?|fits|itching|sweats?|nausea"
    r"|fievre|cephalees?|maux? de tete|vomi\w*|diarrhees?|toux|tousse|douleurs?|mal|vertiges?"
    r"|saigne\w*|crises?|demangeaisons?|nausees?"
    r"|febre|dor(?:es)?|cefaleia|vomitos?|vomita|diarreia|tosse|tonturas?|fraqueza|sangra\w*"
    r"|convulsoes|comichao|nauseas?"
    r"|zazzabi\w*|ciwon|ciwo|amai|zawo\w*|tari\w*|jiri|zubar jini|farfadiya|kaikayi)"
)
_PICTURE = re.compile(
    r"\b(?:pictures?|images?|photos?|films?|x-?rays?|scans?|ct|mri|view|lungs?|heart|ribs?|bones?"
    r"|fractures?|opacit\w+|shadows?|effusion|pneumon\w+|pneumothorax|tb|tuberculos\w+|nodules?"
    r"|cliches?|radio\w*|poumons?|coeur|cotes?|os|epanchement|opacites?|imagem|imagens|pelicula"
    r"|pulm\w+|coracao|costelas?|ossos?|derrame|hoto\w*|huhu\w*|zuciya\w*|kashi(?! nawa))\b"
)

_ASKS_A_DOSE = re.compile(
    r"\b(?:doses?|dosages?|dosing|posologies?|posologias?|dosagem|dosagens)\b"
    r"|\b(?:\d+|how many|combien de|quantos|quantas) ?(?:mg|mcg|ml/kg|mg/kg|milligram\w*"
    r"|milligramm\w*|miligrama\w*|tablets?|comprimes?|comprimidos?)\b"
    r"|\b(?:kashi|kwaya|adadin magani|nawa zan ba)\b.*\bnawa\b|\bnawa zan ba\b|\badadin magani\b"
)
_OF_RADIATION = re.compile(
    r"\b(?:radiation|x-?ray|rayons?|radiations?|radiacao|irradiation) dos\w+"
    r"|\bdos\w+ (?:of|de|d') ?(?:radiation|x-?rays?|rayons?|radiations?|radiacao|irradiation)\b"
)

_ASKS_TO_GIVE = re.compile(
    r"\b(?:can|could|should|may|must|shall|do|does|ok|safe|need\w*|what|which|how)\b[^.?!]*"
    rf"\b(?:give|given|prescribe|start|take|use|administer|inject|get|stop|continue|need\w*|try"
    rf"|increase|put|treat\w*)\b[^.?!]*\b{_DRUG}\b"
    rf"|^\W*(?:give|prescribe|start|inject)\b[^.?!]*\b{_DRUG}\b"
    rf"|\b(?:which|what|any|best|right) (?:\w+ )?{_DRUG}\b"
    rf"|\b(?:needs?|want) (?:\w+ ){{0,2}}{_DRUG}\b"
    r"|\b(?:puis-je|peut-on|peut on|puis je|faut-il|faut il|dois-je|doit-on|dois je|je peux|on peut"
    r"|on doit|je dois|il faut|besoin|est-ce que)\b[^.?!]*"
    rf"\b(?:donner|prescrire|commencer|prendre|utiliser|administrer|injecter|arreter|continuer"
    rf"|mettre|besoin|d|de)\b[^.?!]*\b{_DRUG}\b"
    rf"|\b(?:quels?|quelles?) (?:\w+ )?{_DRUG}\b"
    r"|\b(?:posso|pode|podemos|devo|deve|devemos|preciso|precisa|e preciso|tenho de)\b[^.?!]*"
    rf"\b(?:dar|prescrever|receitar|comecar|iniciar|tomar|usar|administrar|injetar|parar"
    rf"|continuar|fazer|de)\b[^.?!]*\b{_DRUG}\b"
    rf"|\b(?:que|qual|quais) (?:o |a )?{_DRUG}\b"
    rf"|\b(?:wane|wani|wace|wadanne) {_DRUG}\b"
    rf"|\b(?:zan|za mu|in|iya|kamata|mu)\b[^.?!]*\b(?:ba|bada|fara|sha|yi|amfani)\b[^.?!]*\b{_DRUG}"
)
_ASKS_TO_TREAT = re.compile(
    r"\b(?:what|which) (?:is |would be )?(?:the |your )?(?:best |right )?(?:treatment|therapy)\b"
    r"|\bhow (?:do|can|should|to|would|shall|must|is|are)\b[^.?!]*"
    r"\b(?:treat|treated|cure|cured|manage|managed)\b"
    r"|\bcomment (?:le |la |les )?(?:traiter|soigner|guerir|traite|soigne)\b"
    r"|\bcomment (?:dois-je|peut-on|faut-il|on)\b[^.?!]*\b(?:traiter|soigner)\b"
    r"|\b(?:que|quoi) (?:lui |leur )?(?:donner|prescrire)\b|\bque (?:dois-je|puis-je) donner\b"
    r"|\bcomo (?:se )?(?:trat\w+|cur\w+)\b|\bcomo (?:devo|posso)\b[^.?!]*\btratar\b"
    r"|\bo que (?:devo|posso|lhe|se)? ?(?:dar|receitar|prescrever|dou)\b"
    r"|\byaya (?:zan|za a|ake|za mu)\b[^.?!]*\b(?:magani\w*|warkar\w*|jinya\w*)"
    r"|\bme zan (?:ba|bayar)\b"
)
_ASKS_ABOUT_A_SYMPTOM = re.compile(
    r"\b(?:what (?:can|should|do|shall|must) (?:i|we) do|what to do|how to stop)\b[^.?!]*"
    rf"{_SYMPTOM}\b"
    rf"|\b{_SYMPTOM}\b[^?!]*\bwhat (?:can|should|do|shall|must) (?:i|we) do\b"
    r"|\bwhy (?:does|do|is|are|has|have) (?:he|she|they|the (?:patient|child|baby))\b[^?!]*"
    rf"{_SYMPTOM}"
    rf"|\bque (?:faire|dois-je faire|peut-on faire)\b[^.?!]*{_SYMPTOM}\b"
    rf"|\b{_SYMPTOM}\b[^?!]*\bque (?:faire|dois-je faire)\b"
    rf"|\bpourquoi (?:est-ce qu'?)?(?:il|elle|le patient|la patiente|l'enfant)\b[^?!]*{_SYMPTOM}"
    rf"|\bo que (?:fazer|devo fazer|faco|posso fazer)\b[^.?!]*{_SYMPTOM}\b"
    rf"|\b{_SYMPTOM}\b[^?!]*\bo que (?:fazer|devo fazer|faco|posso fazer)\b"
    rf"|\bporque (?:e que )?(?:ele|ela|o doente|a doente|o paciente)\b[^?!]*{_SYMPTOM}"
    rf"|\bme zan yi\b[^?!]*{_SYMPTOM}|\b{_SYMPTOM}\b[^?!]*\bme zan yi\b"
    rf"|\bme ya sa\b[^?!]*{_SYMPTOM}"
)


def asks_for_treatment(text: str) -> bool:
    """Whether a question is for a guideline or a clinician, and not for whoever reads a picture."""
    plain = " ".join(folded(composed(text)).split())
    if _ASKS_A_DOSE.search(_OF_RADIATION.sub(" ", plain)):
        return True
    if _ASKS_TO_GIVE.search(plain) or _ASKS_TO_TREAT.search(plain):
        return True
    return _ASKS_ABOUT_A_SYMPTOM.search(plain) is not None and _PICTURE.search(plain) is None
