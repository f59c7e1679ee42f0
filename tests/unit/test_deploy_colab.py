"""The notebook for Colab, as it is kept."""

import json
from typing import Any

from machine.project import PROJECT_ROOT

NOTEBOOK = PROJECT_ROOT / "deploy" / "colab" / "edgerad.ipynb"


def cells() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(NOTEBOOK.read_text())["cells"]
    return found


def test_it_says_first_that_no_patients_picture_may_go_there() -> None:
    assert "**No patient's picture may go here.**" in "".join(cells()[0]["source"])


def test_it_is_kept_without_what_a_run_has_said() -> None:
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells())


def test_every_cell_is_python_as_it_stands() -> None:
    """No magic commands: they would hide whether what they run has failed."""
    for cell in cells():
        if cell["cell_type"] == "code":
            compile("".join(cell["source"]), cell["id"], "exec")


def test_the_token_leaves_the_environment_before_anything_is_started() -> None:
    code = ["".join(cell["source"]) for cell in cells()]
    (fetches,) = [
        text for text in code if "HF_TOKEN" in text and "model" in text and "run(" in text
    ]
    assert 'finally:\n        del os.environ["HF_TOKEN"]' in fetches
