"""The notebook for Colab: all cells as they stand, on the practice model, Colab's parts faked.

`make test-colab`. It starts the whole system, so it wants a machine that is not busy.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.running.sandbox import free_port
from machine.project import PROJECT_ROOT
from tests.stick.nurse import read_a_film

NOTEBOOK = PROJECT_ROOT / "deploy" / "colab" / "edgerad.ipynb"
PROXY = "8081-colab.example"

USERDATA = """
class SecretNotFoundError(Exception): ...
class NotebookAccessError(Exception): ...

def get(name):
    raise SecretNotFoundError(name)
"""
OUTPUT = f"""
import re

def eval_js(script):
    assert re.fullmatch(r"google\\.colab\\.kernel\\.proxyPort\\(\\d+\\)", script), script
    return "https://{PROXY}/"
"""

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def colab(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A machine like Colab's: its modules, a folder with the code, and nothing to be installed.

    Yields:
        The environment of its kernel, which is in `tmp_path`.
    """
    modules = tmp_path / "modules" / "google" / "colab"
    modules.mkdir(parents=True)
    (modules / "__init__.py").touch()
    (modules / "userdata.py").write_text(USERDATA)
    (modules / "output.py").write_text(OUTPUT)
    (tmp_path / "edgerad").symlink_to(PROJECT_ROOT)
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "make").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/made\n')
    (commands / "make").chmod(0o700)
    port = free_port()
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EDGERAD_")}
    environment = {
        **kept,
        "HOME": str(tmp_path),
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PYTHONPATH": f"{modules.parents[1]}:{PROJECT_ROOT}",
        "EDGERAD_GATEWAY_HOST": "127.0.0.1",
        "EDGERAD_GATEWAY_PORT": str(port),
        "EDGERAD_BOT_API_PORT": str(free_port()),
    }
    yield environment
    places = {
        "EDGERAD_HOME": str(tmp_path / "data"),
        "EDGERAD_KEY_FILE": str(tmp_path / "edgerad.key"),
    }
    stop = [sys.executable, "-m", "deploy", "stop"]
    subprocess.run(stop, env=environment | places, cwd=tmp_path, check=True)


def run_all(environment: dict[str, str], folder: Path) -> dict[str, str]:
    """Run every cell, as *Run all* does; what each of them said."""
    command = [sys.executable, "-m", "jupyter", "execute", "--timeout=500"]
    done = folder / "executed.ipynb"
    run = subprocess.run(
        [*command, f"--output={done}", "--startup_timeout=240", str(_copy(folder))],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    return {cell["id"]: _said(cell) for cell in json.loads(done.read_text())["cells"]}


def _copy(folder: Path) -> Path:
    """Where Colab's kernel stands, its notebook is."""
    copy = folder / "edgerad.ipynb"
    copy.write_bytes(NOTEBOOK.read_bytes())
    return copy


def _said(cell: dict[str, Any]) -> str:
    return "".join("".join(output.get("text", "")) for output in cell.get("outputs", []))


async def test_all_cells_run_and_end_in_a_link_under_which_a_film_is_read(
    colab: dict[str, str], tmp_path: Path
) -> None:
    said = run_all(colab, tmp_path)
    assert (tmp_path / "made").read_text().split()[-1] == ".venv/run.stamp"
    assert "the practice model answers" in said["model"]
    assert "PRACTICE MODEL" in said["start"]
    link = re.search(rf"https://{re.escape(PROXY)}/join#(\w+)", said["start"])
    assert link is not None
    assert "FAULT" not in said["doctor"]
    base_url = f"http://127.0.0.1:{colab['EDGERAD_GATEWAY_PORT']}"
    assert "IMPRESSION" in (await read_a_film(base_url, link[1])).upper()
