"""What kind of picture a caption speaks of: by a method, a part of the body, or a complaint.

Knows words in the bot's four languages. A method named decides (`CT chest`); a complaint decides
only where nothing speaks of another kind (`rash` does, `cough, rash` does not).
"""

from bot.captions.tokens import Line
from bot.captions.words import listed
from inference.contract import PictureKind

_METHODS = {
    PictureKind.CT: listed("""
        ct cect ncct hrct scanner tdm tomographie tomografia tomography tomodensitometrie tac
    """),
    PictureKind.MRI: listed("mri irm ressonancia remnographie"),
    PictureKind.ULTRASOUND: listed("""
        ultrasound usg uss sonography sonogram sonographie echo echographie echographique
        echocardiogram echocardiographie ecografia ecografico ecocardiograma doppler ultrassom
        ultrassonografia
    """),
    PictureKind.OTHER: listed("""
        axr asp kub ecg ekg eeg mammogram mammography mammographie mamografia opg fundus endoscopy
        endoscopie endoscopia gastroscopy gastroscopie colonoscopy
    """),
}
_METHOD_PHRASES = {
    PictureKind.CT: ("tc de", "tc do", "tc da", "tc cranio", "tc cerebral", "tc torax", "tc tap"),
    PictureKind.ULTRASOUND: ("obstetric scan", "pelvic scan", "abdominal scan", "anc scan"),
    PictureKind.OTHER: ("abdomen sans preparation", "abdominal x ray", "x ray abdomen"),
}
_CHEST_FILM = listed("cxr rxt thorax torax")
_CHEST_PHRASES = (
    "chest x ray",
    "chest xray",
    "x ray chest",
    "xray chest",
    "chest film",
    "chest rx",
    "radio pulmonaire",
    "rx pulmonaire",
    "radio des poumons",
    "hoton kirji",
    "hoton huhu",
)
_FILM = listed("""
    xray xrays rx radio radiographie radiographies radiografia radiograph film cliche hoton raio
    raios
""")
_CHEST = listed("""
    chest lung lungs cough coughing sputum breath breathing breathless breathlessness sob dyspnea
    dyspnoea wheeze wheezing haemoptysis hemoptysis tb mdr bk tpm tbc tuberculosis pneumonia
    pneumothorax pleural effusion crackles crepitations asthma copd respiratory rib ribs palpitation
    palpitations thoracique thoraciques poumon poumons toux tousse crachats dyspnee essoufflement
    essouffle hemoptysie tuberculose tuberculeux pneumonie pneumopathie pleuresie epanchement
    asthme respiratoire detresse cote cotes pulmao pulmoes tosse tossindo expectoracao dispneia
    falta hemoptise derrame asma respiratorio costela costelas toracica toracico peito kirji huhu
    tari tarin numfashi hakarkari
""")
_BONE = listed("""
    bone bones wrist forearm humerus elbow shoulder radius ulna scaphoid metacarpal finger thumb
    femur knee patella tibia fibula ankle foot toe calcaneus hip pelvis lumbar skull mandible hand
    spine vertebra vertebrae fracture fractures fx dislocation osteomyelitis
    os poignet humerus coude epaule cubitus femur genou rotule tibia perone cheville pied orteil
    doigt hanche bassin rachis crane mandibule lombaire luxation osteomyelite
    osso ossos punho mao antebraco umero cotovelo ombro dedo joelho tornozelo perna quadril anca
    bacia coluna cranio fratura luxacao osteomielite
    kashi kashin gwiwa kafada karaya hannu
""")
_SKIN = listed("""
    skin rash eczema dermatitis dermatosis scabies ringworm tinea psoriasis melanoma mole naevus
    nevus pruritus itching itchy itch blister blisters boil boils vesicles papules keloid buruli
    leprosy vitiligo impetigo cellulitis wart warts burn wound ulcer
    peau cutane cutanee cutanees eruption dermatose dermatite gale teigne prurit bouton boutons
    vesicules ulcere lepre brulure plaie demangeaison demangeaisons furoncle
    pele cutanea cutaneo erupcao sarna coceira comichao borbulha borbulhas mancha manchas ferida
    lepra queimadura tinha
    fata kuraje kaikayi kyasfi makero kuturta gyambo kazzuwa
""")


def kind_said(caption: str) -> PictureKind | None:
    """The kind of picture that a caption speaks of, None where it may be several or says nothing.

    Args:
        caption: Anything a person may type.
    """
    line = Line(caption)
    said = [token.word for token in line.tokens if token.is_word]
    whole = f" {' '.join(said)} "
    words = frozenset(said)
    methods = _methods(words, whole)
    if methods:
        return methods.pop() if len(methods) == 1 else None
    if words & _CHEST_FILM or _any_phrase(_CHEST_PHRASES, whole):
        return PictureKind.CHEST
    if words & _BONE and (words & _FILM or " x ray " in whole):
        return PictureKind.BONE
    by_words = ((PictureKind.CHEST, _CHEST), (PictureKind.BONE, _BONE), (PictureKind.SKIN, _SKIN))
    spoken_of = [kind for kind, listed_words in by_words if words & listed_words]
    return spoken_of[0] if len(spoken_of) == 1 else None


def _methods(words: frozenset[str], whole: str) -> set[PictureKind]:
    by_word = {kind for kind, listed_words in _METHODS.items() if words & listed_words}
    by_phrase = {kind for kind, phrases in _METHOD_PHRASES.items() if _any_phrase(phrases, whole)}
    return by_word | by_phrase


def _any_phrase(phrases: tuple[str, ...], whole: str) -> bool:
    return any(f" {phrase} " in whole for phrase in phrases)
