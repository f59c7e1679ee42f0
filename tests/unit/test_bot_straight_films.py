"""A film cut out of its photo: it is read, the photo is shown, and both are kept, or gone."""

import os
from datetime import timedelta
from typing import Any

import pytest
from typing_extensions import override

from bot.domain.cases import Case
from bot.domain.ids import CaseId
from bot.store.deletion import Scope, mark_for_deletion
from bot.store.pictures import places
from inference.contract import ReadRequest
from inference.scripted import ScriptedExecutor
from storage.layout import PICTURES
from tests.analyst_world import analyst
from tests.bot_talk import Talk
from tests.bot_world import Clinic

CORNERS = [[0.1, 0.1], [0.9, 0.15], [0.85, 0.8], [0.1, 0.75]]


class Attentive(ScriptedExecutor):
    """Remembers what it was asked to read."""

    @override
    def read(self, request: ReadRequest) -> Any:
        self.asked = request
        return super().read(request)


async def sent(ward: Clinic, corners: object) -> Case:
    talk = Talk(ward)
    await talk.start()
    await talk.photo(await ward.enrol(7), edgerad_film_corners=corners)
    case = await ward.store.cases.get(CaseId(1))
    assert case is not None
    return case


async def test_the_film_that_its_sender_marked_is_read_and_the_photo_is_kept(ward: Clinic) -> None:
    (picture,) = (await sent(ward, CORNERS)).pictures
    assert await ward.store.pictures.get(picture.name) == b"upright a film"
    assert picture.read_name is not None
    assert await ward.store.pictures.get(picture.read_name) == b"straight a film"
    assert picture.note is not None
    assert picture.note.film == tuple(map(tuple, CORNERS))
    engine = Attentive()
    await analyst(ward, engine).work_once()
    assert engine.asked.pictures == (b"straight a film",)


@pytest.mark.parametrize("corners", [None, "x", [], CORNERS[:3], CORNERS[::-1], [["0", 0]] * 4])
async def test_corners_that_make_no_sense_are_as_none(ward: Clinic, corners: object) -> None:
    (picture,) = (await sent(ward, corners)).pictures
    assert picture.read_name is None
    assert picture.read == picture.name


async def test_a_straight_film_is_in_the_backup_and_no_orphan(ward: Clinic) -> None:
    (picture,) = (await sent(ward, CORNERS)).pictures
    listed = await ward.database.read(places)
    assert [place.rpartition("/")[2] for place in listed] == sorted(picture.names)
    now = ward.clock.now()
    for path in (ward.home / PICTURES).rglob("*"):
        os.utime(path, (now.timestamp(), now.timestamp()))
    assert await ward.store.pictures.remove_orphans(now + timedelta(hours=2)) == 0


async def test_a_photo_that_comes_twice_leaves_no_file_of_its_own(ward: Clinic) -> None:
    talk = Talk(ward)
    await talk.start()
    update = await talk.photo(await ward.enrol(7), edgerad_film_corners=CORNERS)
    await talk.again(update)
    files = [path for path in (ward.home / PICTURES).rglob("*") if path.is_file()]
    assert len(files) == 2


async def test_a_straight_film_goes_with_its_case(ward: Clinic) -> None:
    case = await sent(ward, CORNERS)
    chosen = [(case.case_id, Scope.FORGOTTEN)]
    await ward.database.write(lambda tx: mark_for_deletion(tx, chosen))
    pending = await ward.store.deletion.pending_deletions(10)
    assert sorted(await ward.store.deletion.erase(pending)) == sorted(case.pictures[0].names)
