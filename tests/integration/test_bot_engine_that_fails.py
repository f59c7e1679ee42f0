"""A case and a real engine that cannot load its model for a while."""

import asyncio
import sys
from pathlib import Path

from bot.domain.cases import CaseStatus
from bot.store.claims import MAX_FAILURES
from bot.store.topics import Topic
from inference.local.executor import ExecutorConfig, LocalExecutor, LocalTimeouts
from tests import background
from tests.analyst_world import analyst, now_of
from tests.bot_world import clinic
from tests.checkpoints import seen_in

CHILD = Path(__file__).with_name("scripted_model_process.py")
PACE = LocalTimeouts(restart_s=0.01, failed_s=0.1, end_s=0.3)
OUTAGES = 2 * MAX_FAILURES
UNENDED = {CaseStatus.WAITING, CaseStatus.READING}


async def test_a_case_outlives_any_number_of_starts_that_fail(tmp_path: Path) -> None:
    """Another program holds the memory for an hour: nothing is given up meanwhile."""
    lives = [*["refuse:model"] * OUTAGES, "ready"]
    command = (sys.executable, str(CHILD), str(tmp_path / "starts"), *lives)
    async with (
        clinic(tmp_path) as ward,
        LocalExecutor(
            ExecutorConfig(home=tmp_path), seen_in(tmp_path), command=command, pace=PACE
        ) as executor,
    ):
        case = await ward.open_case(await ward.enrol(7))

        async def pass_time(wait_s: float) -> None:
            ward.clock.advance(wait_s)
            await asyncio.sleep(0)

        async with (
            background.running(analyst(ward, executor, sleep=pass_time).work()),
            asyncio.timeout(60),
        ):
            with ward.store.signals.listen(Topic.OUTBOX) as messages:
                while (found := await now_of(ward, case)).status in UNENDED:
                    await messages.wait(0.2)
        assert (found.status, found.failure) == (CaseStatus.ANSWERED, None)
