"""What is wrong with a photo of a film is told by name, and nothing of a good one."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from pictures import rims
from pictures.corners import Corners
from pictures.corners import corners as corners_of
from pictures.film import FilmOutline
from pictures.picture import PhotoFault
from pictures.quality import measure
from tests.film_photos import on_light_box

GOOD, CORNERS = on_light_box()


def faults(picture: Image.Image, corners: Corners | None = CORNERS) -> set[PhotoFault]:
    outline = None if corners is None else FilmOutline(corners=corners, sureness=1)
    return set(measure(picture, outline).faults)


def lit(change: object) -> Image.Image:
    light = np.asarray(GOOD, np.float32) / 255
    shown = change(light) if callable(change) else light
    return Image.fromarray((np.clip(shown, 0, 1) * 255).astype(np.uint8))


def test_a_good_photo_has_no_fault() -> None:
    assert faults(GOOD) == set()
    assert faults(GOOD.resize((1500, 2000))) == set()


def test_a_blurred_photo_is_told_so_and_a_slightly_soft_one_is_not() -> None:
    assert faults(GOOD.filter(ImageFilter.GaussianBlur(4.5))) == {PhotoFault.BLUR}
    assert faults(GOOD.filter(ImageFilter.GaussianBlur(0.7))) == set()


def test_a_dark_photo_and_a_pale_one_are_told_so() -> None:
    assert PhotoFault.DARK in faults(lit(lambda light: light * 0.25))
    assert PhotoFault.LOW_CONTRAST in faults(lit(lambda light: 0.5 + light * 0.2))


def test_a_lamp_in_the_film_is_told_so() -> None:
    picture = GOOD.copy()
    ImageDraw.Draw(picture).ellipse((200, 250, 320, 370), fill=(255, 255, 255))
    assert faults(picture) == {PhotoFault.GLARE}


def test_stripes_of_a_screen_are_told_so() -> None:
    waves = 1 + 0.15 * np.sin(np.arange(600) / 1.6)[None, :, None]
    assert PhotoFault.MOIRE in faults(lit(lambda light: light * waves * 0.9))


def test_a_finger_on_the_film_is_told_so() -> None:
    picture = GOOD.copy()
    ImageDraw.Draw(picture).ellipse((80, 400, 240, 560), fill=(180, 120, 85))
    assert faults(picture) == {PhotoFault.FINGER}


def test_a_film_at_the_border_of_its_photo_is_cut_off() -> None:
    cropped = GOOD.crop((0, 220, 600, 800))
    left, right = CORNERS[0][0], CORNERS[1][0]
    bottom = (CORNERS[2][1] * 800 - 220) / 580
    assert PhotoFault.CUT_OFF in faults(
        cropped, ((left, 0.0), (right, 0.0), (right, bottom), (left, bottom))
    )


def test_a_film_far_away_is_too_small() -> None:
    far = Image.new("RGB", (1800, 2400), (70, 62, 55))
    far.paste(GOOD, (600, 800))
    x, y = np.array(CORNERS).T
    placed = np.stack([(x * 600 + 600) / 1800, (y * 800 + 800) / 2400], 1)
    assert faults(far, corners_of(placed.tolist())) == {PhotoFault.TOO_SMALL}


def test_a_film_turned_by_20_degrees_is_tilted_and_one_that_lies_is_not() -> None:
    def turned(degrees: float) -> Corners:
        angle = np.radians(degrees)
        around = np.array([[-150, -180], [150, -180], [150, 180], [-150, 180]])
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        a, b, c, d = ((around @ turn + [300, 400]) / [600, 800]).tolist()
        return (tuple(a), tuple(b), tuple(c), tuple(d))

    assert PhotoFault.TILTED in faults(GOOD, turned(20))
    assert PhotoFault.TILTED not in faults(GOOD, turned(4))


def test_a_second_film_is_told_of() -> None:
    outline = FilmOutline(corners=CORNERS, sureness=1, another=True)
    assert measure(GOOD, outline).faults == (PhotoFault.TWO_FILMS,)


def test_a_picture_of_one_colour_can_be_measured() -> None:
    for size in ((1, 1), (40, 3), (900, 700)):
        assert PhotoFault.BLUR not in faults(Image.new("RGB", size, (200, 200, 200)), None)


def test_the_blur_of_a_films_rim_is_measured_in_shares_of_the_film() -> None:
    longest_px = 480
    for deviation_px in (3.0, 5.0):
        blurred = GOOD.filter(ImageFilter.GaussianBlur(deviation_px)).convert("L")
        found = rims.blur(np.asarray(blurred), CORNERS)
        assert found is not None
        assert abs(found * longest_px - deviation_px) < 0.15 * deviation_px
    sharp = rims.blur(np.asarray(GOOD.convert("L")), CORNERS)
    assert sharp is not None
    assert sharp * longest_px < 0.5


def test_a_film_without_a_rim_that_is_seen_has_no_measured_rim() -> None:
    assert rims.blur(np.full((400, 300), 90, np.uint8), CORNERS) is None
    whole: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    assert rims.blur(np.asarray(GOOD.convert("L")), whole) is None
