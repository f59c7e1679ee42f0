"""What the page measures in a photo before it is sent is what the server measures afterwards."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pictures.corners import corners as corners_of
from pictures.photo_limits import PHOTO_LIMITS
from pictures.picture import PhotoFault
from tests import photo_vectors

STATIC = Path(__file__).parents[2] / "gateway" / "phone" / "static"
SCRIPT = """
import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import { faultsOf, isMeasured, measure } from "./quality.js";
const { photos, limits, faults } = JSON.parse(readFileSync(0, "utf8"));
const judged = ({ width, height, corners, rgb_zlib }) => {
  const rgb = inflateSync(Buffer.from(rgb_zlib, "base64"));
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  const values = measure({ data, width, height }, corners);
  return { values, faults: faultsOf(values, limits) };
};
console.log(JSON.stringify({ judged: photos.map(judged), measured: faults.filter(isMeasured) }));
"""
TOLD_BY_THE_GATEWAY = {PhotoFault.MOIRE, PhotoFault.FINGER, PhotoFault.TWO_FILMS}
VECTORS = photo_vectors.read()
NAMES = [each["name"] for each in VECTORS]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the page's module says of the photos, run by Node."""
    if shutil.which("node") is None:
        pytest.skip("Node is not installed")
    folder = tmp_path_factory.mktemp("page")
    for module in ("quality.js", "rims.js"):
        shutil.copy(STATIC / module, folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="ascii")
    (folder / "answer.js").write_text(SCRIPT, encoding="ascii")
    asked = {"photos": VECTORS, "limits": dict(PHOTO_LIMITS), "faults": list(PhotoFault)}
    done = subprocess.run(
        ["node", "answer.js"],  # noqa: S607 - the one on the path, as npm uses it
        cwd=folder,
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_the_server_measures_what_is_written_down(vector: dict[str, Any]) -> None:
    picture, corners = photo_vectors.picture_of(vector), corners_of(vector["corners"])
    found = photo_vectors.measured(picture, corners)
    assert found["values"] == pytest.approx(vector["values"], rel=1e-6, abs=1e-9)
    assert found["faults"] == vector["faults"]


@pytest.mark.parametrize("number", range(len(VECTORS)), ids=NAMES)
def test_the_page_measures_what_the_server_does(number: int, page: dict[str, Any]) -> None:
    vector, judged = VECTORS[number], page["judged"][number]
    assert judged["values"] == pytest.approx(vector["values"], rel=1e-6, abs=1e-9)
    assert judged["faults"] == vector["faults"]


def test_every_fault_is_measured_by_the_page_or_told_by_the_gateway(page: dict[str, Any]) -> None:
    assert set(page["measured"]) == set(PhotoFault) - TOLD_BY_THE_GATEWAY
    assert {fault for vector in VECTORS for fault in vector["faults"]} == set(page["measured"])
