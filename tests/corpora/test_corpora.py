"""The test files that pydicom, Pillow and pillow-heif come with become what they became before.

Each goes through the confined process, as one that somebody sends. With WRITE_OUTCOMES what becomes
of them is kept anew, and counted in docs/pictures.md: look at what git says has changed.
"""

import os
from dataclasses import replace

import pytest

from machine.cgroups import usable_cpus
from pictures import PictureProcess, lanes
from pictures.corpus import rows
from tests.corpora.fetched import NAMES, corpus
from tests.corpora.outcomes import FAULTS, PAGE, changed, keep, kept, of_row, written

WRITE = "WRITE_OUTCOMES"
PATIENT = replace(lanes.HEAVY, deadline_s=120)
"""What takes a second may take many on a machine that has too much to do."""


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", NAMES)
async def test_each_file_becomes_what_it_became_before_and_ends_no_process(name: str) -> None:
    async with PictureProcess(heavy=PATIENT, concurrency=usable_cpus()) as pictures:
        found = {row.name: of_row(row) async for row in rows(pictures, corpus(name))}
    assert {file: each for file, each in found.items() if each.refused in FAULTS} == {}
    if os.environ.get(WRITE):
        keep(name, found)
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), NAMES), encoding="utf-8")
    assert changed(kept(name), found) == []
