"""A case as a file to print: all that its card says, its film, and who may have it."""

import io
import re
import zlib
from dataclasses import replace
from typing import NamedTuple

import pytest
from PIL import Image

from bot.domain.messages import Attachment, Outgoing
from bot.domain.people import Role
from bot.locale import translator
from bot.replies import paper, pdf
from bot.replies.markup import Html, lines, plain, quoted
from bot.replies.paper import Sheet, Shown
from bot.replies.reading import PRACTICE_BANNER
from inference.contract import EngineInfo, Language, Tier
from pictures.picture import Rendition
from pictures.typeface import typeface
from tests.bot_conversation import OTHER, STALE, SUPERVISOR, WORKER, Conversation, buttons, words
from tests.bot_world import damage, reading

PRACTICE = EngineInfo(model="practice", tier=Tier.CPU, practice=True)
TEXT = (
    "FINDINGS: Consolidation in the right upper zone.\nIMPRESSION: Pneumonia.\n"
    "URGENCY: urgent\nRECOMMENDATION: Antibiotics by the guideline."
)


def streams(file: bytes) -> list[bytes]:
    """What is packed in a PDF."""
    packed = re.findall(rb"FlateDecode.*?>>\nstream\n(.*?)\nendstream", file, re.DOTALL)
    return [zlib.decompress(each) for each in packed]


def pages_of(file: bytes) -> list[str]:
    """The words of each page, line by line; two that stand side by side are two lines."""
    chars = {glyph: char for char, glyph in sorted(typeface().glyphs.items(), reverse=True)}
    found = []
    for content in streams(file):
        if b" Tf " in content and not content.startswith(b"/CIDInit"):
            codes = re.findall(rb"<([0-9a-f]*)> Tj", content)
            found.append(
                "\n".join(
                    "".join(chars[int(code[at : at + 4], 16)] for at in range(0, len(code), 4))
                    for code in codes
                )
            )
    return found


def said(file: bytes) -> str:
    """All words of a PDF, as if no line had been broken."""
    return " ".join(" ".join(pages_of(file)).split())


class Drawn(NamedTuple):
    """A run of letters on a page, in points."""

    text: str
    x: float
    y: float
    end: float


def runs_of(file: bytes) -> list[Drawn]:
    """What is written on the last page, and where."""
    face = typeface()
    chars = {glyph: char for char, glyph in sorted(face.glyphs.items(), reverse=True)}
    found = []
    written = rb"/F1 (\S+) Tf.*? (\S+) (\S+) Tm <(.*?)> Tj"
    for size, x, y, codes in re.findall(written, streams(file)[-1]):
        glyphs = [int(codes[at : at + 4], 16) for at in range(0, len(codes), 4)]
        width = sum(map(face.advance, glyphs)) * float(size) / 1000
        text = "".join(chars[glyph] for glyph in glyphs)
        found.append(Drawn(text=text, x=float(x), y=float(y), end=float(x) + width))
    return found


def file_of(sent: list[Outgoing]) -> Attachment:
    """The one file among messages."""
    (found,) = [message.attachment for message in sent if message.attachment is not None]
    return found


def sheet(text: Html, pictures: int = 0, *banners: str) -> Sheet:
    encoded = io.BytesIO()
    Image.new("RGB", (60, 80), "grey").save(encoded, "JPEG")
    picture = Rendition(data=encoded.getvalue(), width_px=60, height_px=80)
    return Sheet(
        title="Case C-0001",
        above="Maradi · EdgeRad",
        banners=banners,
        pictures=[Shown(picture=picture, words=f"picture {n}") for n in range(pictures)],
        across="",
        text=text,
        foot=["Unverified."],
        page="Page {n} of {count}",
        language="en",
    )


async def test_a_report_says_all_that_the_card_says(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    worker = await chat.enrol(WORKER)
    chat.clinic.services.settings.clinic = "Clinique de Maradi"
    case = await chat.case(worker, reading(TEXT), caption="F 36, cough, ref 2231")
    signed = chat.id_of(await chat.presses(supervisor, "agree:1"), "signed off")
    await chat.types(supervisor, "Start amoxicillin", reply_to=signed)
    await chat.presses(worker, f"set:{case.case_id}:sex:M")
    card = (await chat.types(worker, "/case 1"))[-1]
    assert "report:1" in buttons([card])
    sent = await chat.presses(worker, "report:1")
    file = file_of(sent)
    assert file.file_name == "C-0001.pdf"
    on_paper = said(file.data)
    for part in (
        "Clinique de Maradi",
        "Case C-0001",
        "URGENT",
        "F 36, cough, ref 2231",
        "Reference: 2231",
        "FINDINGS",
        "Consolidation in the right upper zone.",
        "Pneumonia.",
        "Antibiotics by the guideline.",
        "medgemma-4b-it",
        "Reviewed by Person 3",
        "Start amoxicillin",
        "Where the text says: right side, upper zone.",
        "A clinician must verify.",
        "Made for Person 1",
        "Page 1 of 1",
    ):
        assert part in on_paper, part
    assert file.data.count(b"/Subtype /Image") == 2  # the film, and the film with the mark
    assert "AI-generated" in words(sent)


async def test_an_answer_offers_its_report_and_one_that_was_withdrawn_still_does(
    chat: Conversation,
) -> None:
    worker = await chat.enrol(WORKER)
    await chat.case(worker, replace(reading(TEXT), engine=PRACTICE))
    await chat.presses(worker, "withdraw:1:patient:yes")
    file = file_of(await chat.presses(worker, "report:1")).data
    on_paper = said(file)
    assert on_paper.count("WITHDRAWN by") == 2  # above every page, and where the card says it
    assert on_paper.count("WITHDRAWN WITHDRAWN") == 2  # across each picture, red over white
    assert PRACTICE_BANNER in on_paper


async def test_nobody_gets_the_report_of_a_case_that_they_may_not_open(
    chat: Conversation,
) -> None:
    worker, other = await chat.enrol(WORKER), await chat.enrol(OTHER)
    case = await chat.case(worker)
    for data in (f"report:{case.case_id}", "report:99", "report:x", "report"):
        assert await chat.presses(other, data) == []
    assert chat.button_answers() == [STALE] * 4


async def test_a_report_is_noted_and_counts_as_a_look(chat: Conversation) -> None:
    supervisor = await chat.enrol(SUPERVISOR, Role.SUPERVISOR)
    case = await chat.case(await chat.enrol(WORKER))
    said = await chat.presses(supervisor, "report:1")
    assert "Person 3 has opened it" in words(said)
    (entry, *_) = await chat.clinic.store.audit.newest(1)
    assert (entry.act, entry.subject) == ("exported", case.code)
    seen = await chat.clinic.store.cases.get(case.case_id)
    assert seen is not None
    assert seen.seen_by == supervisor.user_id


async def test_a_picture_that_cannot_be_made_is_said_to_be_missing(chat: Conversation) -> None:
    chat.clinic.film = b"unprintable"
    await chat.case(await chat.enrol(WORKER), reading(TEXT))
    on_paper = said(file_of(await chat.presses(WORKER, "report:1")).data)
    assert "No picture could be put in here." in on_paper
    assert "Pneumonia." in on_paper


async def test_a_report_says_how_many_of_the_pictures_it_shows(chat: Conversation) -> None:
    worker = await chat.enrol(WORKER)
    case = await chat.case(worker, reading(TEXT))
    chat.clinic.film = b"unprintable"
    damaged = await chat.clinic.picture()
    await chat.clinic.database.write(
        lambda tx: tx.run(
            """
            INSERT INTO pictures (case_id, ordinal, name, sha256, media_type, width_px, height_px)
            SELECT case_id, 2, :name, :sha256, media_type, width_px, height_px
            FROM pictures WHERE case_id = :case_id
            """,
            name=damaged.name,
            sha256=damaged.sha256,
            case_id=case.case_id,
        )
    )
    file = file_of(await chat.presses(worker, "report:1")).data
    assert file.count(b"/Subtype /Image") == 1
    assert "1 of 2 pictures are shown here." in said(file)


async def test_a_report_says_that_its_marked_film_is_missing(chat: Conversation) -> None:
    chat.clinic.film = b"unmarkable"
    await chat.case(await chat.enrol(WORKER), reading(TEXT))
    on_paper = said(file_of(await chat.presses(WORKER, "report:1")).data)
    assert "The marked film could not be made." in on_paper
    assert "pictures are shown" not in on_paper


async def test_a_damaged_picture_does_not_stop_the_report(chat: Conversation) -> None:
    case = await chat.case(await chat.enrol(WORKER), reading(TEXT))
    damage(chat.clinic)
    on_paper = said(file_of(await chat.presses(WORKER, "report:1")).data)
    assert case.code in on_paper
    assert "No picture could be put in here." in on_paper


@pytest.mark.parametrize("language", Language)
async def test_every_language_is_on_paper_in_its_own_letters(
    language: Language, chat: Conversation
) -> None:
    worker = await chat.enrol(WORKER, language=language)
    await chat.case(worker, reading(TEXT), caption="ɓarna da ƙashi, ɗan Ƙofa")
    on_paper = said(file_of(await chat.presses(worker, "report:1")).data)
    assert "ɓarna da ƙashi, ɗan Ƙofa" in on_paper
    assert "?" not in on_paper
    made = translator(language).gettext("Report (PDF)")
    answer = await chat.types(worker, "/case 1")
    labels = [b.text for m in answer for row in m.reply.buttons for b in row]
    assert made in labels


@pytest.mark.parametrize(("sentences", "size_pt"), [(5, b"10.00"), (50, b"10.00"), (95, b"8.00")])
def test_a_long_text_is_on_one_page_in_smaller_letters(sentences: int, size_pt: bytes) -> None:
    sentence = "There is a dense consolidation of the right upper zone. "
    file = paper.pdf(sheet(plain(sentence * sentences), 2))
    assert len(pages_of(file)) == 1
    assert b"/F1 %s Tf" % size_pt in streams(file)[-1]


def test_nothing_is_cut_off_what_is_longer_than_a_page() -> None:
    told = " ".join(f"word{n}" for n in range(3000))
    pages = pages_of(paper.pdf(sheet(lines(quoted(told), plain("x" * 900)), 2, "DRAWN")))
    assert len(pages) > 1
    everything = "\n".join(pages)
    assert set(told.split()) <= set(everything.split())
    assert everything.count("x") == 900
    for number, page in enumerate(pages, start=1):
        assert "DRAWN" in page
        assert "Unverified." in page
        assert f"Page {number} of {len(pages)}" in page


def test_a_sign_that_no_font_has_is_left_out_of_the_bots_words_and_marked_in_a_persons() -> None:
    on_paper = said(paper.pdf(sheet(lines(plain("🔴 CRITICAL"), quoted("fever 🤒 三")))))
    assert "CRITICAL" in on_paper
    assert "? CRITICAL" not in on_paper
    assert "fever ? ?" in on_paper


def test_a_sign_that_means_something_is_never_dropped() -> None:
    on_paper = said(paper.pdf(sheet(plain("nodule ≧ 3 cm, ⩽ 5, CRP ⇑, 4 ⋙ 2"))))
    assert "nodule ≥ 3 cm, ≤ 5, CRP ↑, 4 ? 2" in on_paper


def test_long_names_are_wrapped_at_head_and_foot() -> None:
    long = replace(sheet(plain("words"), 1), above="Clinique " * 20, foot=["Person " * 40, "Made"])
    file = paper.pdf(long)
    assert said(file).count("Clinique") == 20
    assert said(file).count("Person") == 40
    drawn = runs_of(file)
    title = next(run for run in drawn if run.text == "Case C-0001")
    for run in drawn:
        assert run.end <= pdf.A4_PT[0] - paper.EDGE_PT + 1
        assert run is title or run.y != title.y or run.x > title.end


def test_the_words_under_a_narrow_picture_stay_beside_it_and_off_the_foot() -> None:
    before = sheet(plain("words"), 2)
    narrow = replace(before.pictures[0].picture, width_px=20, height_px=400)
    words = "Where the text says: right side, upper zone. " * 4
    strips = [Shown(picture=narrow, words=words), *before.pictures, *before.pictures]
    pages = pages_of(paper.pdf(replace(before, pictures=strips)))
    assert len(pages) == 1
    drawn = runs_of(paper.pdf(replace(before, pictures=strips)))
    assert max(run.end for run in drawn if run.text.startswith("Where")) <= 42 + 60 + 1
    assert min(run.x for run in drawn if run.text == "picture 0") >= 42 + 60 + 8 - 0.1
    number = next(run for run in drawn if run.text.startswith("Page"))
    foot = [run for run in drawn if run.text == "Unverified."] + [number]
    assert min(run.y for run in drawn if run not in foot) > max(run.y for run in foot)
    only = paper.pdf(replace(before, pictures=strips[:1]))
    assert min(run.y for run in runs_of(only) if run.text.startswith("Where")) > 400


def test_no_line_runs_over_the_edge_of_the_page() -> None:
    content = streams(paper.pdf(sheet(plain("wide words and " * 80 + "W" * 300), 4)))[-1]
    for size, x, codes in re.findall(rb"/F1 (\S+) Tf.*? (\S+) \S+ Tm <(.*?)> Tj", content):
        widths = (typeface().advance(int(codes[at : at + 4], 16)) for at in range(0, len(codes), 4))
        assert float(x) + sum(widths) * float(size) / 1000 <= pdf.A4_PT[0] - paper.EDGE_PT + 1


def test_a_file_is_one_that_readers_can_open() -> None:
    """Every object stands where the table says; each is of the length that it says."""
    file = paper.pdf(sheet(plain("words"), 2))
    start = int(file.rsplit(b"startxref\n", 1)[1].split()[0])
    rows = re.findall(rb"(\d{10}) 00000 n \n", file[start:])
    for number, row in enumerate(rows, start=1):
        assert file[int(row) :].startswith(f"{number} 0 obj\n".encode())
    for length, data in re.findall(
        rb"/Length (\d+)[^\n]*>>\nstream\n(.*?)\nendstream", file, re.DOTALL
    ):
        assert int(length) == len(data)
