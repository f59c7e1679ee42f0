"""`edgerad model ...`: put models in, look at them, take them out.

Knows the commands and their words. What a model is and how it is checked is `inference.models`'.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from bot.settings import BotSettings
from deploy.terminal import say, terminal
from inference.errors import ModelError
from inference.models import (
    KNOWN_REPOSITORIES,
    InstalledModel,
    add_model,
    check_removable,
    fetch_model,
    find_model,
    installed_models,
    prepare_model,
    remove_model,
    verify_model,
)
from inference.models import Progress as Tell
from inference.models.text import has_text
from inference.models.vision import read_proof
from storage.home import make_home

models = typer.Typer(no_args_is_help=True, help="Add, list, verify and remove models.")
console = terminal()

NOT_KNOWN = "not a known release"
TERMS = (
    "MedGemma is provided under Google's Health AI Developer Foundations terms. Accept them once\n"
    "at https://huggingface.co/{repository}, and make a token that may read it."
)


@models.command("list")
def list_models() -> None:
    """List the models at hand; `auto` means the first."""
    for model in installed_models(_home()):
        name = Text(", ".join([model.name, *_notes(model)]))
        name.stylize("bold", 0, len(model.name))
        console.print(name, soft_wrap=True)
        console.print(Text(f"    {model.path}"), soft_wrap=True)


@models.command()
def fetch(
    repository: Annotated[str, typer.Argument(help="Owner/name on the hub.")] = KNOWN_REPOSITORIES[
        0
    ],
    token: Annotated[
        str, typer.Option(envvar="HF_TOKEN", help="Better left to the prompt.", show_default=False)
    ] = "",
) -> None:
    """Fetch a model from Hugging Face.

    Run again, it goes on where it stopped.
    """
    if not token:
        console.print(TERMS.format(repository=repository), highlight=False)
        token = typer.prompt("Token (not shown, not stored)", hide_input=True)
    with _words_for_faults(), _progress() as tell:
        model = fetch_model(_home_to_write(), repository, token, tell)
    _ready(model)


@models.command()
def add(
    source: Annotated[
        Path, typer.Argument(exists=True, help="A folder, or a .zip, .tar or .tar.gz file.")
    ],
    name: Annotated[
        str | None, typer.Option(help="What to call it; by default as its folder is called.")
    ] = None,
) -> None:
    """Copy a model from a USB stick: a folder or an archive."""
    with _words_for_faults(), _progress() as tell:
        model = add_model(_home_to_write(), source, tell, name=name)
    _ready(model)


@models.command()
def prepare(
    name: Annotated[
        str, typer.Argument(help="A model's name; by default the one in use.")
    ] = "auto",
    films: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="A folder of JPEG or PNG films on which vision at 8 bits is tried too.",
        ),
    ] = None,
) -> None:
    """Make a model's weights at 4 bits, once.

    For a CPU or a small card. Run again, it goes on. With llama.cpp, vision is tried at 8 bits on
    the sample films, and used so where it sees the same.
    """
    with _words_for_faults(), _progress() as tell:
        model = prepare_model(_home(), name, tell, films=films)
    if has_text(model.path):
        proof = read_proof(model.path)
        words = proof.words if proof else "vision stays float32, as its trial at 8 bits was cut off"
        say(console, f"{words[0].upper()}{words[1:]}.")
    _ready(model)


@models.command()
def verify(
    name: Annotated[str | None, typer.Argument(help="A model's name; by default all.")] = None,
) -> None:
    """Check every byte of the models against their manifests."""
    home = _home()
    names = [model.name for model in installed_models(home)] if name is None else [name]
    for each in names:
        with _words_for_faults(), _progress() as tell:
            verify_model(find_model(home, each), tell)
        say(console, f"{each}: every file is as it was")


@models.command()
def remove(
    name: Annotated[str, typer.Argument(help="A model's name.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove an installed model from the disk."""
    with _words_for_faults():
        check_removable(_home(), name)
    if not yes:
        typer.confirm(f"Remove {name} from the disk?", abort=True)
    with _words_for_faults():
        remove_model(_home(), name)
    say(console, f"{name} is removed")


def _home() -> Path:
    return BotSettings().home


def _home_to_write() -> Path:
    home = _home()
    make_home(home)
    return home


def _notes(model: InstalledModel) -> Iterator[str]:
    if model.practice:
        yield "practice: not for patients"
    elif model.release is None and not model.problem:
        yield NOT_KNOWN
    if model.modified:
        yield "modified"
    if model.problem:
        yield model.problem


def _ready(model: InstalledModel) -> None:
    notes = "".join(f" ({note})" for note in _notes(model))
    say(console, f"{model.name}{notes} is ready; start EdgeRad again to use it")


@contextmanager
def _words_for_faults() -> Iterator[None]:
    """Say in words what is wrong with a model, and leave with exit status 1.

    Raises:
        typer.Exit: If a model cannot be used.
    """
    try:
        yield
    except ModelError as error:
        say(console, str(error), "red")
        raise typer.Exit(1) from error


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar that shows how far it is, where somebody sees it move."""
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()),
        TimeRemainingColumn(),
    )
    unseen = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=unseen) as progress:
        task = progress.add_task("Starting")

        def tell(step: str, done_bytes: int, total_bytes: int) -> None:
            progress.update(task, description=step, completed=done_bytes, total=total_bytes)

        yield tell
