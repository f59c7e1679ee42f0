"""The model process's parts on a tiny random checkpoint of MedGemma's architecture."""

import asyncio
import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import torch
from bitsandbytes.nn.modules import Linear4bit, Linear8bitLt
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import AutoProcessor
from transformers.models.gemma3.image_processing_pil_gemma3 import Gemma3ImageProcessorPil

from inference.contract import (
    EngineState,
    PatientContext,
    ReadRequest,
    ScoredUrgency,
    Tier,
    Turn,
)
from inference.errors import EngineAway, ModelCorrupt, OutOfMemory, RequestRefused, UnusableAnswer
from inference.footprint import LONGEST_PROMPT_TOKENS, Dtype
from inference.local.executor import ExecutorConfig, LocalExecutor, LocalTimeouts
from inference.prompts import build_messages
from inference.runtime.canary import prove
from inference.runtime.decoding import GeneratedAnswer
from inference.runtime.generate import prepare
from inference.runtime.load import LoadedModel, load_model
from inference.runtime.memory import noticing_out_of_memory
from inference.runtime.probe import measure_footprint, measure_hardware
from inference.tiers import TierChoice
from inference.urgency import LABELS, decide
from tests.checkpoints import (
    IMAGE_PX,
    IMAGE_TOKENS,
    feature_cache_in,
    make_checkpoint,
    make_picture,
    padded_by_numpy,
)
from tests.reading_alone import read_alone
from tests.reads import read

HUB_PREFIXES = ("language_model.model.", "multi_modal_projector.", "vision_tower.vision_model.")
HUB_GENERATION = {"cache_implementation": "hybrid", "do_sample": True, "top_k": 64, "top_p": 0.95}
ROOT = Path(__file__).parents[2]
MAX_TOKENS = 24
REQUEST = ReadRequest(
    request_id="r",
    pictures=(make_picture(),),
    patient=PatientContext(age_years=54, indication="cough"),
)
FOLLOW_UP = ReadRequest(
    request_id="r",
    pictures=(make_picture(), make_picture(300, 900)),
    question="Which side?",
    reading="FINDINGS: Effusion.",
    history=(Turn(question="Is it large?", answer="No."),),
)


def choice(tier: Tier = Tier.CPU, dtype: Dtype = Dtype.FLOAT32) -> TierChoice:
    return TierChoice(tier=tier, device="cpu", dtype=dtype, reason="Tested.")


def network_of(pid: int) -> Path:
    """The network namespace that a process is in. Source: namespaces(7)."""
    return Path(f"/proc/{pid}/ns/net").readlink()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("home") / "models" / "tiny")


@pytest.fixture(scope="module")
def broken_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    make_checkpoint(home / "models" / "tiny", broken=True)
    return home


@pytest.fixture(scope="module")
def loaded(folder: Path) -> LoadedModel:
    return load_model(folder, choice())


def answer(
    loaded: LoadedModel,
    request: ReadRequest = REQUEST,
    *,
    max_tokens: int = MAX_TOKENS,
    **more: Any,
) -> GeneratedAnswer:
    return read_alone(loaded, request, max_tokens=max_tokens, **more)


@pytest.mark.parametrize("request_", [REQUEST, FOLLOW_UP])
def test_the_inputs_are_those_that_the_models_own_processor_makes_of_padded_pictures(
    folder: Path, loaded: LoadedModel, request_: ReadRequest
) -> None:
    processor = AutoProcessor.from_pretrained(folder, local_files_only=True)
    prompt = processor.apply_chat_template(
        build_messages(request_), add_generation_prompt=True, tokenize=False
    )
    images = [padded_by_numpy(data) for data in request_.pictures]
    expected = processor(text=prompt, images=images, return_tensors="pt", add_special_tokens=False)
    inputs = prepare(loaded.processor, request_)
    assert set(inputs) == set(expected)
    for name in inputs:
        assert torch.equal(inputs[name], expected[name]), name


def test_a_picture_is_padded_resized_whole_and_scaled_to_plus_and_minus_one(
    loaded: LoadedModel,
) -> None:
    pixels = prepare(loaded.processor, FOLLOW_UP)["pixel_values"]
    image = padded_by_numpy(FOLLOW_UP.pictures[1])
    small = np.asarray(image.resize((IMAGE_PX, IMAGE_PX), Image.Resampling.BILINEAR))
    expected = torch.from_numpy(small / 127.5 - 1.0).permute(2, 0, 1).float()  # (3, px, px)
    assert pixels.shape == (2, 3, IMAGE_PX, IMAGE_PX)
    torch.testing.assert_close(pixels[1], expected, atol=1e-5, rtol=0)


def test_the_prompt_is_the_chat_template_with_one_start_and_every_image_token(
    loaded: LoadedModel,
) -> None:
    ids = prepare(loaded.processor, FOLLOW_UP)["input_ids"][0]
    text = loaded.processor.decode(ids)
    assert text.count("<bos>") == 1
    assert text.startswith("<bos><start_of_turn>user\nYou are an expert radiologist. ")
    assert text.endswith("<end_of_turn>\n<start_of_turn>model\n")
    assert text.count("<image_soft_token>") == 2 * IMAGE_TOKENS


def test_the_text_is_what_transformers_own_greedy_generation_says(loaded: LoadedModel) -> None:
    inputs = prepare(loaded.processor, REQUEST)
    with torch.inference_mode():
        output = loaded.model.generate(**inputs, do_sample=False, max_new_tokens=MAX_TOKENS)
    tokens = output[0, inputs["input_ids"].shape[1] :]
    given = answer(loaded)
    assert given.text == loaded.processor.decode(tokens, skip_special_tokens=True).strip()
    assert given.prompt_tokens == inputs["input_ids"].shape[1]
    assert given.answer_tokens == len(tokens)
    assert given.truncated == (len(tokens) == MAX_TOKENS)


def test_the_urgency_is_scored_once_before_any_text_which_it_does_not_change(
    loaded: LoadedModel,
) -> None:
    heard: list[object] = []
    ticks = iter(range(1000))
    given = answer(
        loaded,
        on_urgency=heard.append,
        on_partial=heard.append,
        clock=lambda: float(next(ticks)),
    )
    assert given == answer(loaded)
    assert isinstance(heard[0], ScoredUrgency)
    assert len(heard) > 1
    assert all(isinstance(text, str) for text in heard[1:])


def test_the_score_is_what_the_whole_prompt_and_the_opening_give_anew(loaded: LoadedModel) -> None:
    inputs = prepare(loaded.processor, REQUEST)  # longer than the tiny model's sliding window
    opening = loaded.processor.tokenizer.encode("URGENCY: ", add_special_tokens=False)
    more = torch.tensor([opening])
    inputs["input_ids"] = torch.cat([inputs["input_ids"], more], dim=1)
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    inputs["token_type_ids"] = torch.cat([inputs["token_type_ids"], torch.zeros_like(more)], dim=1)
    with torch.inference_mode():
        likely = loaded.model(**inputs).logits[0, -1].log_softmax(-1)
    first = loaded.processor.tokenizer.convert_tokens_to_ids
    expected = decide({u: float(likely[first(label[0])]) for u, label in LABELS.items()})
    heard: list[ScoredUrgency] = []
    answer(loaded, on_urgency=heard.append)
    assert heard[0].urgency is expected.urgency
    assert heard[0].margin == pytest.approx(expected.margin, abs=1e-4)


def test_an_answer_that_the_token_limit_ends_says_that_it_was_cut(loaded: LoadedModel) -> None:
    given = answer(loaded, max_tokens=5)
    assert given.answer_tokens == 5
    assert given.truncated


def test_the_picture_changes_the_answers_numbers(loaded: LoadedModel) -> None:
    inputs = prepare(loaded.processor, REQUEST)
    with torch.inference_mode():
        seen = loaded.model(**inputs).logits
        inputs["pixel_values"] = -inputs["pixel_values"]
        unseen = loaded.model(**inputs).logits
    assert not torch.allclose(seen[0, -1], unseen[0, -1])


@pytest.mark.parametrize(
    ("tier", "linear"),
    [(Tier.BIT8, Linear8bitLt), (Tier.BIT4, Linear4bit)],
)
def test_a_quantised_tier_leaves_vision_projector_and_head_alone_and_still_answers(
    folder: Path, tier: Tier, linear: type[torch.nn.Module]
) -> None:
    quantised = load_model(folder, choice(tier))
    language = quantised.model.model.language_model
    kinds = {type(module) for module in language.modules() if isinstance(module, torch.nn.Linear)}
    assert kinds == {linear}
    others = [quantised.model.model.vision_tower, quantised.model.model.multi_modal_projector]
    for part in [*others, quantised.model.lm_head]:
        assert not any(isinstance(module, linear) for module in part.modules())
        assert all(weight.dtype == torch.float32 for weight in part.parameters())
    prove(quantised)
    assert answer(quantised, max_tokens=4).text


def test_bfloat16_loads_and_passes_the_canary(folder: Path) -> None:
    half = load_model(folder, choice(dtype=Dtype.BFLOAT16))
    assert {weight.dtype for weight in half.model.parameters()} == {torch.bfloat16}
    prove(half)


def test_the_canary_refuses_numbers_that_are_not_finite(broken_home: Path) -> None:
    broken = load_model(broken_home / "models" / "tiny", choice())
    with pytest.raises(UnusableAnswer, match="not finite"):
        prove(broken)


@pytest.mark.timeout(150)  # two loads, each in a process of its own
async def test_when_the_canary_refuses_every_tier_the_engine_says_so(broken_home: Path) -> None:
    config = ExecutorConfig(home=broken_home, model="tiny", tier=Tier.BIT4, deadline_s=140)

    async with LocalExecutor(
        config, feature_cache_in(broken_home), timeouts=LocalTimeouts(failed_s=3600)
    ) as executor:
        with pytest.raises(EngineAway, match="not finite"):
            await read(executor, REQUEST)


async def test_the_process_that_holds_the_model_has_no_network(folder: Path) -> None:
    config = ExecutorConfig(home=folder.parents[1], model="tiny")
    async with LocalExecutor(config, feature_cache_in(folder.parents[1])) as executor:
        while executor.status().state is not EngineState.READY:  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0.02)
        (pid,) = (
            child.pid
            for child in psutil.Process().children()
            if child.cmdline()[-1:] == ["inference.runtime"]
        )
        assert network_of(pid) != network_of(os.getpid())


@pytest.mark.parametrize("tier", [Tier.CPU, Tier.BIT4])
def test_a_folder_as_the_hub_lays_it_out_loads_the_same_model(
    folder: Path, loaded: LoadedModel, tmp_path: Path, tier: Tier
) -> None:
    as_on_the_hub(folder, tmp_path)
    from_hub = load_model(tmp_path, choice(tier))
    assert isinstance(from_hub.processor.image_processor, Gemma3ImageProcessorPil)
    inputs, expected = (prepare(each.processor, REQUEST) for each in (from_hub, loaded))
    assert all(torch.equal(inputs[name], expected[name]) for name in expected)
    vision, ours = (each.model.model.vision_tower for each in (from_hub, loaded))
    for weight, expected_weight in zip(vision.parameters(), ours.parameters(), strict=True):
        assert torch.equal(weight, expected_weight)
    assert measure_footprint(tmp_path) == measure_footprint(folder)
    given, ours_given = answer(from_hub, max_tokens=4), answer(loaded, max_tokens=4)
    assert tier is Tier.BIT4 or given == ours_given


def as_on_the_hub(folder: Path, target: Path) -> None:
    """Lay a checkpoint out as google/medgemma-4b-it is: names of weights, processor's files."""
    for path in folder.iterdir():
        shutil.copy(path, target)
    weights = load_file(folder / "model.safetensors")
    renamed = {
        name.replace("vision_tower.", "vision_tower.vision_model."): weight
        for name, weight in weights.items()
    }
    assert all(name.startswith(HUB_PREFIXES) for name in renamed)
    save_file(renamed, target / "model.safetensors", metadata={"format": "pt"})
    generation = json.loads((folder / "generation_config.json").read_text()) | HUB_GENERATION
    (target / "generation_config.json").write_text(json.dumps(generation))
    processor = json.loads((folder / "processor_config.json").read_text())
    pictures = processor.pop("image_processor") | {"processor_class": "Gemma3Processor"}
    (target / "preprocessor_config.json").write_text(json.dumps(pictures))
    (target / "processor_config.json").write_text(json.dumps(processor))


def test_a_folder_that_lacks_weights_is_refused(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"\x08" + bytes(7) + b"{}      ")
    with pytest.raises(ModelCorrupt):
        load_model(tmp_path, choice())


def test_partial_texts_come_no_faster_than_their_pace(loaded: LoadedModel) -> None:
    ticks = iter(range(1000))
    heard: list[str] = []
    answer(loaded, max_tokens=20, on_partial=heard.append, clock=lambda: next(ticks) * 0.05)
    assert 0 < len(heard) < 10


def test_a_prompt_longer_than_the_model_can_take_is_refused(loaded: LoadedModel) -> None:
    with pytest.raises(RequestRefused, match="too long"):
        answer(loaded, max_tokens=4096)


def test_bytes_that_are_no_picture_are_refused(loaded: LoadedModel) -> None:
    with pytest.raises(RequestRefused):
        answer(loaded, ReadRequest(request_id="r", pictures=(b"no picture",)))


def test_a_looping_answer_ends_early_and_says_that_it_was_cut(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.runtime.decoding.looped_tokens", lambda tokens: len(tokens) - 3)
    given = answer(loaded)
    assert given.truncated
    assert given.answer_tokens < MAX_TOKENS


def test_the_footprint_counts_every_parameter_of_the_weights(
    folder: Path, loaded: LoadedModel
) -> None:
    footprint = measure_footprint(folder)
    layers = loaded.model.model.language_model.layers
    linear = sum(
        module.weight.numel() for module in layers.modules() if hasattr(module, "in_features")
    )
    assert footprint.quantisable == linear
    assert footprint.quantisable + footprint.kept == loaded.model.num_parameters()
    assert footprint.kv_elements == 2 * 1 * 32 * (64 + LONGEST_PROMPT_TOKENS)  # a window, and all
    assert not footprint.prepared


def test_a_folder_that_is_no_model_has_no_footprint(tmp_path: Path) -> None:
    with pytest.raises(ModelCorrupt):
        measure_footprint(tmp_path)


def test_the_hardware_is_measured() -> None:
    hardware = measure_hardware()
    assert 0 < hardware.ram_available_bytes <= hardware.ram_total_bytes
    assert hardware.cpu_cores >= 1


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"),
    ],
)
def test_every_way_to_run_out_of_memory_is_noticed(error: Exception) -> None:
    with pytest.raises(OutOfMemory), noticing_out_of_memory():
        raise error


def test_torchs_own_refusal_of_an_allocation_is_noticed() -> None:
    with pytest.raises(OutOfMemory), noticing_out_of_memory():
        torch.empty(10**15)


def test_an_error_that_is_not_about_memory_passes() -> None:
    with pytest.raises(RuntimeError, match="shape"), noticing_out_of_memory():
        raise RuntimeError("shape mismatch")


def test_what_libraries_print_never_lands_among_the_frames() -> None:
    script = (
        "from inference.runtime.channel import Channel\n"
        "from inference.local.wire import Loading\n"
        "channel = Channel.over_stdio()\n"
        "print('stray')\n"
        "channel.say(Loading(detail='true'))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert run.stdout.startswith(b"ERW1")
    assert b"stray" not in run.stdout
    assert b"stray" in run.stderr


@pytest.mark.timeout(150)  # a load in a process of its own
def test_no_model_process_outlives_its_parent(folder: Path) -> None:
    script = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from inference.local.executor import ExecutorConfig, LocalExecutor\n"
        "from inference.contract import EngineState\n"
        "from tests.checkpoints import feature_cache_in\n"
        "async def main():\n"
        "    config = ExecutorConfig(home=Path(sys.argv[1]), model='tiny')\n"
        "    async with LocalExecutor(config, feature_cache_in(config.home)) as executor:\n"
        "        while executor.status().state is not EngineState.READY:\n"
        "            await asyncio.sleep(0.02)\n"
        "        children = Path(f'/proc/self/task/{os.getpid()}/children').read_text()\n"
        "        print(children.split()[0], flush=True)\n"
        "        await asyncio.sleep(3600)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(folder.parents[1])], cwd=ROOT, stdout=subprocess.PIPE
    )
    with parent:
        assert parent.stdout is not None
        child_fd = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    ended, _, _ = select.select([child_fd], [], [], 20)
    os.close(child_fd)
    assert ended
