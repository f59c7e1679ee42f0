"""`edgerad bench ...`: measure this machine.

Knows the commands and their words. What is measured, and how, is the other modules' here.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.settings import BotSettings
from deploy.bench.archive import measure_archive
from deploy.bench.fidelity import as_json, compare_tiers, show_rows
from deploy.bench.form import compare_forms
from deploy.bench.form_table import show_form_report
from deploy.bench.gateway import measure_gateway
from deploy.bench.gateway_table import show_gateway_report
from deploy.bench.load import burst
from deploy.bench.load_sms import with_and_without_sms
from deploy.bench.load_table import show_archive, show_load, show_load_with_sms
from deploy.bench.model import ModelReport, Say, make_random, measure_model, prepared
from deploy.bench.model_table import explain, show_model_report
from deploy.bench.overhead import measure, photo_of_a_phone
from deploy.bench.table import show_report
from deploy.terminal import say, terminal
from inference.bench_results import BenchPlan
from inference.errors import ModelError
from machine.clock import SystemClock

bench = typer.Typer(no_args_is_help=True, help="Measure this machine.")
console = terminal()

_COLUMNS = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())


class TierOption(StrEnum):
    """A way to hold the weights: a tier, or what users of the published model get on a CPU."""

    AUTO = "auto"
    BIT16 = "16-bit"
    BIT8 = "8-bit"
    BIT4 = "4-bit"
    CPU = "cpu"
    FLOAT32 = "float32"


class Shape(StrEnum):
    """A shape of which a model with drawn weights can be made."""

    MEDGEMMA_4B = "4b"


@bench.command()
def overhead(
    seconds: Annotated[float, typer.Option(min=6, help="How long to measure.")] = 60,
    phones: Annotated[int, typer.Option(min=1, help="How many phones.")] = 20,
    pace: Annotated[float, typer.Option(min=0.1, help="Seconds between a phone's photos.")] = 10,
    json_to: Annotated[
        Path | None, typer.Option(help="Write the figures to this file too.")
    ] = None,
) -> None:
    """Measure all but the model, from a phone's PUT to its answer."""
    console.print(f"Measuring for about {seconds + 15:.0f} s, in a folder of its own ...")
    report = asyncio.run(measure(seconds=seconds, phones=phones, pace_s=pace))
    show_report(console, report)
    if json_to is not None:
        json_to.write_text(json.dumps(report.as_json(), indent=1) + "\n")


@bench.command()
def load(
    phones: Annotated[int, typer.Option(min=1, help="How many phones.")] = 100,
    cases: Annotated[int, typer.Option(min=0, help="How many they send together.")] = 2000,
    stored: Annotated[int, typer.Option(min=0, help="Cases of a full store.")] = 1_000_000,
    scratch: Annotated[
        Path | None,
        typer.Option(help="Folder that keeps the full store (5 GB); else it is made anew."),
    ] = None,
    sms: Annotated[
        bool, typer.Option("--sms", help="Send without SMS, then with it, and compare.")
    ] = False,
) -> None:
    """Have many phones send at once, then ask a store full of cases.

    0 leaves one of them out.
    """
    console.print("Measuring for some minutes, in folders of its own ...")
    if cases and sms:
        compared = asyncio.run(
            with_and_without_sms(phones=phones, cases=cases, photo=photo_of_a_phone())
        )
        show_load_with_sms(console, compared)
    elif cases:
        found = asyncio.run(burst(phones=phones, cases=cases, photo=photo_of_a_phone()))
        show_load(console, found)
    if stored:
        with _place(scratch) as folder:
            show_archive(console, asyncio.run(measure_archive(folder, stored)))


@bench.command()
def gateway(
    seconds: Annotated[float, typer.Option(min=1, help="For each figure.")] = 10,
    messages: Annotated[int, typer.Option(min=1, help="In the store.")] = 1_000_000,
    json_to: Annotated[
        Path | None, typer.Option(help="Write the figures to this file too.")
    ] = None,
) -> None:
    """Measure the Bot API server alone."""
    console.print("Measuring for some minutes, in a folder of its own ...")
    report = asyncio.run(measure_gateway(seconds=seconds, messages=messages))
    show_gateway_report(console, report)
    if json_to is not None:
        json_to.write_text(json.dumps(report.as_json(), indent=1) + "\n")


@bench.command()
def fidelity(
    films: Annotated[int, typer.Option(min=1, help="How many drawn films.")] = 500,
    seed: Annotated[int, typer.Option(help="Of the films.")] = 1,
    json_to: Annotated[
        Path | None, typer.Option(help="Write the figures to this file too.")
    ] = None,
) -> None:
    """Compare the practice model's answers at every tier."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Starting")
        rows = compare_tiers(
            films,
            seed,
            lambda step, done, total: progress.update(
                task, description=step, completed=done, total=total
            ),
        )
    if json_to is not None:
        json_to.write_text(as_json(rows) + "\n")
    raise typer.Exit(show_rows(console, rows))


@bench.command()
def form(
    films: Annotated[int, typer.Option(min=1, help="How many drawn films.")] = 60,
    seed: Annotated[int, typer.Option(help="Of the films.")] = 1,
    json_to: Annotated[
        Path | None, typer.Option(help="Write the figures to this file too.")
    ] = None,
) -> None:
    """Compare answers held to their form with free ones."""
    settings = BotSettings()
    if not settings.engine_urls:
        raise typer.BadParameter("name an engine with the practice model: EDGERAD_ENGINE_URLS")
    with Progress(*_COLUMNS, console=console, transient=True) as progress:
        task = progress.add_task("Reading")

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        report = asyncio.run(compare_forms(settings.remote(), films=films, seed=seed, tell=tell))
    show_form_report(console, report)
    if json_to is not None:
        json_to.write_text(json.dumps(report.as_json(), indent=1) + "\n")


@bench.command()
def model(  # noqa: PLR0917 - each is an option of the command line
    name: Annotated[str, typer.Option("--model", help="An installed model, or auto.")] = "auto",
    shape: Annotated[
        Shape | None, typer.Option(help="A model of this shape with drawn weights instead.")
    ] = None,
    random: Annotated[bool, typer.Option("--random", help="Said with --shape.")] = False,
    scratch: Annotated[
        Path | None,
        typer.Option(help="Folder that keeps the drawn weights (14 GB); else they are made anew."),
    ] = None,
    tier: Annotated[TierOption, typer.Option(help="How to hold the weights.")] = TierOption.AUTO,
    against: Annotated[TierOption | None, typer.Option(help="A way to compare with.")] = None,
    tokens: Annotated[int, typer.Option(min=2, help="Length of the answer.")] = 200,
    batches: Annotated[str, typer.Option(help="How many cases to read at once.")] = "1,2,4,8",
    json_to: Annotated[Path | None, typer.Option(help="Write the figures there too.")] = None,
    in_words: Annotated[
        bool, typer.Option("--explain", help="Say what a nurse will wait.")
    ] = False,
) -> None:
    """Measure a reading, step by step."""
    if random != (shape is not None):
        raise typer.BadParameter("--shape and --random go together")
    sizes = tuple(int(size) for size in batches.split(",") if size)
    with _words_for_faults(), _place(scratch) as folder:
        if shape is not None:
            name = _drawn(folder)
        home = BotSettings().home if shape is None else folder
        plan = BenchPlan(tier=tier, tokens=tokens, batches=sizes)
        with _steps() as say:
            report = measure_model(
                home, name, plan, against=against, today=SystemClock().now().date(), say=say
            )
        _show(report, in_words=in_words, json_to=json_to)


def _show(report: ModelReport, *, in_words: bool, json_to: Path | None) -> None:
    show_model_report(console, report)
    if in_words:
        console.print(explain(report), highlight=False)
    if json_to is not None:
        json_to.write_text(json.dumps(report.as_json(), indent=1) + "\n")


@contextmanager
def _place(scratch: Path | None) -> Iterator[Path]:
    if scratch is not None:
        yield scratch
        return
    with tempfile.TemporaryDirectory(prefix="edgerad-bench-") as folder:
        yield Path(folder)


def _drawn(folder: Path) -> str:
    """The drawn model, and its 4-bit form, which a CPU and a small card load."""
    with Progress(*_COLUMNS, console=console, transient=True) as bars:
        task = bars.add_task("Drawing weights")

        def tell(step: str, done_bytes: int, total_bytes: int) -> None:
            bars.update(task, description=step, completed=done_bytes, total=total_bytes)

        name = make_random(folder, tell)
        prepared(folder, tell)
    return name


@contextmanager
def _steps() -> Iterator[Say]:
    """A line that says what is being measured, and how far it is where that is known."""
    with Progress(*_COLUMNS, console=console, transient=True) as bars:
        task = bars.add_task("Starting", total=1.0)
        yield lambda step, done: bars.update(task, description=step, completed=done or 0.0)


@contextmanager
def _words_for_faults() -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        say(console, str(error), "red")
        raise typer.Exit(1) from error
