"""A fuzzing campaign: all targets by turns, each from the examples that earlier turns found.

Knows libFuzzer's options and last words, and the folder of a campaign:

    corpus/TARGET/      examples that reached code which no other did
    findings/TARGET/    what raised, hung or ate memory, to be fed again
    tally.json          what was run so far, for each target
"""

import json
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from hashlib import sha1
from pathlib import Path

from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

TURN_S = 60.0
_HANG_S = 25
_MEMORY_MB = 3000
_EXECUTIONS = re.compile(rb"number_of_executed_units:\s*(\d+)")


@dataclass(slots=True)
class Tally:
    """What was run of one target.

    Args:
        seconds: For how long.
        executions: How many times it was fed.
        examples: How many examples lie in its corpus.
        findings: How many lie among its findings.
    """

    seconds: float = 0.0
    executions: int = 0
    examples: int = 0
    findings: int = 0


class Campaign:
    """What was run so far, and goes on.

    Args:
        folder: Where it lies.
        names: Targets to fuzz.
    """

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.folder = folder
        self._names = names
        self.tallies = {name: Tally() for name in TARGETS} | self._kept()

    def run(self, minutes: float) -> None:
        """Give turns to whichever target had the least time.

        Args:
            minutes: For how long in all.
        """
        end_s = time.monotonic() + 60 * minutes
        while (left_s := end_s - time.monotonic()) > 1:
            name = min(self._names, key=lambda each: self.tallies[each].seconds)
            self._turn(TARGETS[name], min(TURN_S, left_s))

    def table(self) -> str:
        """The tallies as a table in Markdown."""
        rows = [
            f"| {TARGETS[name].what} | {tally.seconds / 60:.0f} | {tally.executions:,} "
            f"| {tally.examples:,} | {tally.findings} |"
            for name, tally in self.tallies.items()
            if name in TARGETS
        ]
        head = "| Target | Minutes | Executions | Examples kept | Findings |\n|---|--:|--:|--:|--:|"
        return "\n".join([head, *rows])

    def _turn(self, target: Target, seconds: float) -> None:
        corpus, findings = (self._folder_of(kind, target) for kind in ("corpus", "findings"))
        tally, begun_s = self.tallies[target.name], time.monotonic()
        _plant(target, corpus)
        options = [
            *(f"-max_total_time={seconds:.0f}", f"-artifact_prefix={findings}/"),
            *(f"-dict={self._dictionary(target)}", f"-timeout={_HANG_S}"),
            *(f"-rss_limit_mb={_MEMORY_MB}", "-print_final_stats=1", "-verbosity=0"),
        ]
        command = [sys.executable, "-m", "tests.fuzz.guided", target.name, str(corpus), *options]
        with (findings.parent / f"{target.name}.log").open("ab+") as log:
            start = log.tell()
            subprocess.run(command, stdout=log, stderr=log, check=False)
            log.seek(start)
            said = _EXECUTIONS.findall(log.read())
        tally.executions += sum(map(int, said))
        tally.seconds += time.monotonic() - begun_s
        tally.examples = len(list(corpus.iterdir()))
        tally.findings = len(list(findings.iterdir()))
        self._keep()

    def _folder_of(self, kind: str, target: Target) -> Path:
        folder = self.folder / kind / target.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _dictionary(self, target: Target) -> Path:
        path = self.folder / f"{target.name}.dict"
        short = [token for token in target.tokens if len(token) <= 64]
        lines = ['"' + "".join(f"\\x{byte:02x}" for byte in token) + '"\n' for token in short]
        path.write_text("".join(lines))
        return path

    def _kept(self) -> dict[str, Tally]:
        path = self.folder / "tally.json"
        if not path.exists():
            return {}
        return {name: Tally(**each) for name, each in json.loads(path.read_text()).items()}

    def _keep(self) -> None:
        text = json.dumps({name: asdict(tally) for name, tally in self.tallies.items()}, indent=1)
        beside = self.folder / "tally.json.new"
        beside.write_text(text)
        Path(beside).replace(self.folder / "tally.json")


def _plant(target: Target, corpus: Path) -> None:
    """Put the seeds in, and each with a long token, which a dictionary does not take."""
    seeds = target.seeds()
    long = [token for token in target.tokens if len(token) > 64]
    half = [seed[: len(seed) // 2] + token for seed in seeds for token in long]
    for seed in [*seeds, *half]:
        (corpus / sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
