"""The committed practice model reads films that nobody trained on, and answers questions."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from inference.answers.changes import ComparedFinding, changes_in
from inference.contract import (
    Comparison,
    PatientContext,
    ReadRequest,
    ScoredUrgency,
    Sex,
    Tier,
    Urgency,
)
from inference.footprint import Dtype
from inference.parsing import parse_sections
from inference.practice.answers import QuestionTopic, follow_up, reading, understand
from inference.practice.cases import Group, Way, draw_case
from inference.practice.conversations import draw_conversation
from inference.practice.dataset import IMAGE_PX, model_view
from inference.practice.evaluate import Outcome, before_and_after, measure, read_cases
from inference.practice.folder import MODEL_FOLDER
from inference.practice.measures import wilson
from inference.practice.modelling import PracticeReader, chat_text
from inference.practice.phantoms import draw_phantom
from inference.practice.samples import SAMPLES, SAMPLES_FOLDER
from inference.practice.train import Trainer
from inference.practice.truth import Finding, Side, Size, Truth, every_truth
from inference.prompts import build_messages
from inference.runtime.decoding import DecodingBatch
from inference.runtime.generate import begin
from inference.runtime.load import load_model
from inference.tiers import TierChoice
from pictures.square import padded
from tests.reading_alone import read_alone

SEED = 4711
GROWN = tuple(
    Truth(finding=Finding.EFFUSION, side=Side.LEFT, size=size) for size in (Size.SMALL, Size.LARGE)
)


@pytest.fixture(scope="module")
def reader() -> PracticeReader:
    return PracticeReader(MODEL_FOLDER)


def ask(reader: PracticeReader, picture: Image.Image, **asked: str | None) -> str:
    patient = PatientContext(age_years=45, sex=Sex.MALE, indication="cough")
    request = ReadRequest(
        request_id="r",
        pictures=(b"",),
        patient=patient,
        question=asked.get("question"),
        reading=asked.get("reading"),
    )
    return reader.answer([build_messages(request)], [[picture]])[0]


def test_clean_films_are_read_in_four_sections_and_rightly(reader: PracticeReader) -> None:
    """Given 44 unseen films, two of each truth, at least 95 % are read rightly."""
    truths = [truth for truth in every_truth() for _ in range(2)]
    films = [
        draw_phantom(np.random.default_rng((SEED, index)), truth).film
        for index, truth in enumerate(truths)
    ]
    request = ReadRequest(request_id="r", pictures=(b"",))
    texts = reader.answer([build_messages(request)] * len(films), [[film] for film in films])
    for text in texts:
        sections = parse_sections(text)
        assert sections.findings
        assert sections.impression
        assert sections.recommendation
        assert sections.urgency is not Urgency.NOT_STATED
    right = sum(
        _places(understand(text)) == _places(truth)
        for text, truth in zip(texts, truths, strict=True)
    )
    assert right >= 0.95 * len(truths)


def _places(truth: Truth | None) -> tuple[object, ...]:
    return () if truth is None else (truth.finding, truth.side, truth.zone)


def test_the_samples_are_read_rightly(reader: PracticeReader) -> None:
    """Given what the phone page offers, the main job can be seen to work."""
    for sample in SAMPLES:
        with Image.open(SAMPLES_FOLDER / f"{sample.name}.jpg") as picture:
            assert ask(reader, picture.convert("RGB")) == reading(sample.truth), sample.name


def test_the_urgency_scored_before_the_text_is_the_texts_own_on_the_samples() -> None:
    choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.")
    loaded = load_model(MODEL_FOLDER, choice)
    for sample in SAMPLES:
        picture = (SAMPLES_FOLDER / f"{sample.name}.jpg").read_bytes()
        scores: list[ScoredUrgency] = []
        request = ReadRequest(request_id="r", pictures=(picture,))
        given = read_alone(loaded, request, max_tokens=160, on_urgency=scores.append)
        stated = parse_sections(given.text).urgency
        if sample.truth is None:  # what it does not know has no urgency; the labels know none such
            assert (scores[0].urgency, stated) == (Urgency.NOT_MEDICAL, Urgency.NOT_STATED)
        else:
            assert scores[0].urgency is stated, sample.name
        assert scores[0].margin > 1


def test_the_samples_are_read_together_as_they_are_alone() -> None:
    """What a nurse is told must not depend on whose cases wait beside hers."""
    choice = TierChoice(tier=Tier.CPU, device="cpu", dtype=Dtype.FLOAT32, reason="Tested.")
    loaded = load_model(MODEL_FOLDER, choice)
    batch = DecodingBatch(loaded)
    for sample in SAMPLES:
        picture = (SAMPLES_FOLDER / f"{sample.name}.jpg").read_bytes()
        request = ReadRequest(request_id=sample.name, pictures=(picture,))
        batch.join(begin(loaded, request, max_tokens=160))
    answers = batch.answers
    batch.finish()
    assert [draft.answer().text for draft in answers] == [reading(s.truth) for s in SAMPLES]


def test_a_follow_up_question_is_answered_from_the_same_picture(reader: PracticeReader) -> None:
    truth = next(t for t in every_truth() if t.finding is Finding.PNEUMOTHORAX)
    film = draw_phantom(np.random.default_rng((SEED, 1)), truth).film
    text = ask(reader, film)
    for question, topic in (
        ("Which side?", QuestionTopic.SIDE),
        ("How big is it?", QuestionTopic.SIZE),
    ):
        assert ask(reader, film, question=question, reading=text) == follow_up(truth, topic)


def test_two_pictures_of_a_patient_are_read_together(reader: PracticeReader) -> None:
    truth = next(t for t in every_truth() if t.finding is Finding.EFFUSION)
    films = [draw_phantom(np.random.default_rng((SEED, 2)), truth).film] * 2
    request = ReadRequest(request_id="r", pictures=(b"", b""))
    assert reader.answer([build_messages(request)], [films]) == [reading(truth)]


def test_training_sees_what_the_processor_makes(reader: PracticeReader) -> None:
    """Pixels and tokens at training are the ones of the unmodified processor."""
    film = draw_phantom(np.random.default_rng(SEED)).film.convert("RGB")
    messages = draw_conversation(np.random.default_rng(0), every_truth()[5], follow_ups=2)
    text = chat_text(reader.processor, messages)
    inputs = reader.processor(
        text=[text], images=[[padded(film)]], return_tensors="pt", add_special_tokens=False
    )
    mine = torch.from_numpy(model_view(film).copy()).permute(2, 0, 1).float() / 127.5 - 1
    assert inputs["pixel_values"].shape == (1, 3, IMAGE_PX, IMAGE_PX)
    assert torch.allclose(inputs["pixel_values"][0], mine, atol=1e-5)
    ids, _, labels = Trainer(reader.processor, reader.model).tokenise([messages])
    assert torch.equal(ids, inputs["input_ids"])
    taught = reader.processor.tokenizer.decode(labels[labels != -100])
    assert taught.startswith(reading(every_truth()[5]))
    assert taught.count("<end_of_turn>") == 3


def test_an_evaluation_counts_each_group(reader: PracticeReader) -> None:
    cases = [draw_case(SEED, group, 0) for group in Group]
    measures = measure(read_cases(reader, cases))
    totals = {m.name: m.total for m in measures}
    assert totals["follow-up questions: answered truly"] == len(Group) - 1
    assert totals["no drawn films: named so"] == 1
    assert totals["radiographs of unseen kinds: named so"] == 1
    assert totals["older and newer: change said truly"] == 1
    assert {totals[f"poor photos, {way}: all right"] for way in Way} == {1}
    assert all(m.line() for m in measures)
    table = before_and_after(measures).splitlines()
    assert [line[:12] for line in table[1:4]] == ["tidy photos ", "usual photos", "poor photos "]


def test_of_two_films_the_finding_is_read_and_one_change_is_stated(reader: PracticeReader) -> None:
    """So the whole way can be tried; the model card says how often size and change are the true."""
    films = {truth: draw_phantom(np.random.default_rng((SEED, 3)), truth).film for truth in GROWN}
    for older, newer in (GROWN, GROWN[::-1]):
        request = ReadRequest(
            request_id="r",
            pictures=(b"", b""),
            comparison=Comparison(prior="2026-03-05", current="2026-05-03"),
        )
        text = reader.answer([build_messages(request)], [[films[older], films[newer]]])[0]
        said = understand(text)
        assert said is not None
        assert (said.finding, said.side) == (newer.finding, newer.side)
        assert [change.finding for change in changes_in(text)] == [ComparedFinding.EFFUSION]


def test_a_goal_is_missed_when_the_share_is_under_it() -> None:
    normal = Truth(finding=Finding.NORMAL)
    missed = Outcome(group=Group.CLEAN, truth=normal, understood=True, said=None)
    measures = {m.name: m for m in measure([missed])}
    assert not measures["clean films: finding"].met
    assert not measures["all films: called no drawn film"].met


def test_wilsons_interval_is_the_published_one() -> None:
    low, high = wilson(8, 10)  # Wilson 1927, as tabulated by Brown et al. 2001
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_model_is_small_and_says_what_it_is() -> None:
    size_bytes = sum(path.stat().st_size for path in Path(MODEL_FOLDER).glob("*.safetensors"))
    assert 0 < size_bytes <= 8_000_000
    card = (MODEL_FOLDER / "README.md").read_text()
    assert "not for patients" in card
