"""Views that a caption names: one for each picture in order, or none."""

import pytest

from bot.captions.views import views_said
from inference.contract import PictureKind, View

CHEST, SKIN = PictureKind.CHEST, PictureKind.SKIN


@pytest.mark.parametrize(
    ("caption", "kind", "pictures", "views"),
    [
        ("M 45 CXR PA + lateral", CHEST, 2, (View.PA, View.LATERAL)),
        ("chest lateral, then AP view", CHEST, 2, (View.LATERAL, View.AP)),
        ("CXR AP supine, cough", CHEST, 1, (View.AP,)),
        ("Rx thorax PA et profil", CHEST, 2, (View.PA, View.LATERAL)),
        ("radiografia PA e perfil", CHEST, 2, (View.PA, View.LATERAL)),
        ("lesion on the leg: far, then near", SKIN, 2, (View.FAR, View.NEAR)),
        ("plaie, de près et avec règle", SKIN, 2, (View.NEAR, View.RULER)),
    ],
)
def test_views_are_taken_in_the_order_of_the_pictures(
    caption: str, kind: PictureKind, pictures: int, views: tuple[View, ...]
) -> None:
    assert views_said(caption, kind, pictures) == views


@pytest.mark.parametrize(
    ("caption", "kind", "pictures"),
    [
        ("CXR PA + lateral", CHEST, 1),
        ("CXR PA", CHEST, 2),
        ("F 60, PA 120/80, toux, radio", CHEST, 1),
        ("PA: 13/8, film", CHEST, 1),
        ("pa amina, film", CHEST, 1),
        ("M 45, ATCD AP, toux", CHEST, 1),
        ("wrist PA view", PictureKind.BONE, 1),
        ("near the hospital, cough, CXR", CHEST, 1),
        ("swollen rt lat malleolus", CHEST, 1),
        ("lat R", CHEST, 1),
        ("", SKIN, 1),
    ],
)
def test_what_is_no_view_or_not_one_for_each_picture_names_none(
    caption: str, kind: PictureKind, pictures: int
) -> None:
    assert views_said(caption, kind, pictures) == ()
