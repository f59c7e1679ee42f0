"""Wherever tuberculosis is named: that the reading shows and excludes none, and what to test."""

import pytest

from bot.locale import translator
from bot.replies.tuberculosis import advice
from inference.contract import Language, PatientContext

T = translator(Language.ENGLISH)
GROWN, UNKNOWN = PatientContext(age_years=30), PatientContext()


@pytest.mark.parametrize(
    "text",
    [
        "?TB",
        "PTB relapse",
        "BK contrôle M6",
        "bk+ M2",
        "BK-",
        "TPM+ M5",
        "tpm+",
        "suspicion TBC",
        "contact tuberculeux",
        "méningite tuberculeuse",
        "tarin fuka",
        "Tarin  Fuka?",
        "MDR-TB month 8",
        "Tuberculosis is possible.",
        "tuberculose",
        "tuberculoma",
        "mycobacterial infection",
    ],
)
def test_tuberculosis_is_recognised_in_four_languages(text: str) -> None:
    said = advice(UNKNOWN, T, None, text)
    assert said is not None
    assert said.startswith("TB: this reading cannot show or exclude TB. Test sputum (Xpert")


@pytest.mark.parametrize("text", ["bk pain", "tbsp", "tari", "outbreak", "", "BKV nephropathy"])
def test_nothing_is_advised_where_it_is_not_named(text: str) -> None:
    assert advice(GROWN, T, text) is None


def test_a_small_child_is_not_asked_for_sputum() -> None:
    said = advice(PatientContext(age_years=2), T, "TB contact")
    assert said is not None
    assert "gives no sputum" in said
    assert "Test sputum" not in said
    assert "Test sputum" in str(advice(PatientContext(age_years=5), T, "TB contact"))
