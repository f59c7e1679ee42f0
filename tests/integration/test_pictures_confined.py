"""What runs confined is tested confined: every picture gives there what it gives without limits."""

import json
import os
import subprocess
import sys

import pytest

from inference.practice.shots import Grade
from machine.project import PROJECT_ROOT
from pictures import PictureProcess
from tests.bad_files import BAD_FILES
from tests.decoded_freely import words_of
from tests.film_photos import jpeg, on_light_box, photo
from tests.valid_files import kept_files, odd_files, valid_files

PHOTOS = {
    "a film on a light box": jpeg(on_light_box()[0]),
    **{f"a {grade} photo": jpeg(photo(1, grade).picture) for grade in Grade},
}


def files() -> dict[str, bytes]:
    return {
        **{f"valid file {number}": data for number, data in enumerate(valid_files())},
        **odd_files(),
        **{name: upload.data for name, upload in BAD_FILES.items() if upload.data},
        **kept_files(),
        **PHOTOS,
    }


@pytest.fixture(scope="module")
def freely(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, list[str]]]:
    """By file: what is said of it where nothing confines the decoder, and what was read late."""
    folder = tmp_path_factory.mktemp("files")
    for name, data in files().items():
        (folder / name).write_bytes(data)
    told = subprocess.run(
        [sys.executable, "-m", "tests.decoded_freely", str(folder)],
        cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        timeout=170,
    )
    return {name: (words, late) for name, (words, late) in json.loads(told.stdout).items()}


async def test_a_confined_decoder_says_of_every_file_what_a_free_one_says(
    freely: dict[str, tuple[str, list[str]]],
) -> None:
    async with PictureProcess() as process:
        confined = {name: await words_of(process.prepare, data) for name, data in files().items()}
    assert confined == {name: words for name, (words, _) in freely.items()}


def test_every_odd_file_decodes(freely: dict[str, tuple[str, list[str]]]) -> None:
    assert not {name: freely[name][0] for name in odd_files() if "(" in freely[name][0][:30]}


def test_no_decoder_reads_a_file_or_a_module_once_all_are_loaded(
    freely: dict[str, tuple[str, list[str]]],
) -> None:
    assert not {name: late for name, (_, late) in freely.items() if late}
