"""What a DICOM object says that it shows: its modality and the part of the body.

Knows the defined terms (PS3.3 C.7.3.1.1.1, PS3.16 CID 4031). What a file writes there beyond them
is read as nothing, so that no text of it goes any further.
"""

from pictures.picture import Subject

_BY_MODALITY = {
    "CT": Subject.CT,
    "MR": Subject.MRI,
    "US": Subject.ULTRASOUND,
    "IVUS": Subject.ULTRASOUND,
    "BDUS": Subject.ULTRASOUND,
    "DMS": Subject.SKIN,
    "MG": Subject.OTHER,
    "IO": Subject.OTHER,
    "PX": Subject.OTHER,
    "ECG": Subject.OTHER,
    "ES": Subject.OTHER,
    "OP": Subject.OTHER,
    "OPT": Subject.OTHER,
    "SM": Subject.OTHER,
    "GM": Subject.OTHER,
    "NM": Subject.OTHER,
    "PT": Subject.OTHER,
    "XA": Subject.OTHER,
}
_FILMS = {"CR", "DX", "RG", "RF", "DR", "DF"}
_CHEST = {"CHEST", "THORAX", "LUNG", "RIB", "STERNUM", "TORAX", "POUMON"}
_ABDOMEN = {"ABDOMEN", "ABDOMENPELVIS", "KUB", "KIDNEY", "BREAST"}
_BONE = {
    *("SKULL", "HEAD", "JAW", "MANDIBLE", "MAXILLA", "ORBIT", "NECK", "CSPINE", "TSPINE", "LSPINE"),
    *("SPINE", "SSPINE", "COCCYX", "PELVIS", "HIP", "FEMUR", "THIGH", "KNEE", "PATELLA", "TIBIA"),
    *("FIBULA", "LEG", "ANKLE", "FOOT", "TOE", "CALCANEUS", "SHOULDER", "CLAVICLE", "SCAPULA"),
    *("ARM", "HUMERUS", "ELBOW", "FOREARM", "RADIUS", "ULNA", "WRIST", "HAND", "FINGER", "THUMB"),
    "EXTREMITY",
}


def subject_of(modality: object, body_part: object) -> Subject | None:
    """What an object shows, None where its tags do not tell.

    Args:
        modality: Tag 0008,0060.
        body_part: Tag 0018,0015, which decides between kinds of films.
    """
    kind, part = _code(modality), _code(body_part)
    if kind not in _FILMS:
        return _BY_MODALITY.get(kind)
    by_part = ((_CHEST, Subject.CHEST), (_BONE, Subject.BONE), (_ABDOMEN, Subject.OTHER))
    return next((subject for parts, subject in by_part if part in parts), None)


def _code(value: object) -> str:
    return "".join(char for char in str(value or "").upper() if char.isalpha())
