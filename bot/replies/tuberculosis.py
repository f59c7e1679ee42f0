"""What must be said wherever tuberculosis is named, by a caption, a question or the model.

WHO's advice on computer-aided reading covers digital chest films of people of 15 and over: a photo
of a film is outside it. So no score is shown, and a test is advised that the patient's age allows.
"""

import re

from bot.locale import Translator
from bot.replies.markup import Html, plain
from inference.contract import PatientContext

NO_SPUTUM_YEARS = 5
"""Younger children swallow what they cough up."""

_NAMED = re.compile(
    r"\b(?:BK|TPM|(?i:bk(?=\s?[+-])|tpm(?=\s?[+-])|[pme]?tb|mdr-?tb|tbc|tarin\s+fuka"
    r"|tuberculos[ei]s?|tuberculom[ae]|tuberculeu(?:x|se)s?|mycobacteri\w+))(?!\w)"
)


def advice(patient: PatientContext, t: Translator, *texts: str | None) -> Html | None:
    """HTML that advises a test, None where no text names tuberculosis."""
    if not any(_NAMED.search(text) for text in texts if text):
        return None
    unsure = t.gettext("TB: this reading cannot show or exclude TB.")
    is_small = patient.age_years is not None and patient.age_years < NO_SPUTUM_YEARS
    test = (
        t.gettext(
            "A small child gives no sputum: test stool or a gastric aspirate (Xpert), "
            "and ask who coughs at home."
        )
        if is_small
        else t.gettext("Test sputum (Xpert MTB/RIF, or microscopy).")
    )
    return plain(f"{unsure} {test}")
