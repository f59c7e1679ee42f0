"""Eight members who ask for their longest histories without end, and how long others wait."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gateway.schemas.limits import TEXT_MAX_CHARS
from tests.browser.gateway_process import ROOT, GatewayProcess

GREEDY, TEXTS = 8, 60
WITHIN_S = 0.25
PROBE = """
import http.client, sys, time
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
took, end = [], time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    begun = time.monotonic()
    connection.request("GET", "/health")
    connection.getresponse().read()
    took.append(time.monotonic() - begun)
    time.sleep(0.05)
print(sorted(took)[len(took) * 99 // 100])
"""


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    samples = ROOT / "inference" / "practice" / "samples"
    process = GatewayProcess(tmp_path, samples, EDGERAD_GATEWAY_OPEN="true")
    process.start()
    yield process
    process.stop()


async def test_others_are_answered_within_a_quarter_second(gateway: GatewayProcess) -> None:
    """p99 of `/health`, beyond what it takes on this machine with no crowd."""
    phones = [httpx.AsyncClient(base_url=gateway.base_url, timeout=60) for _ in range(GREEDY)]
    for phone in phones:
        await fill(phone)
    alone_s = await health_p99_s(gateway, 3)
    async with asyncio.TaskGroup() as group:
        asking = [group.create_task(ask_without_end(phone)) for phone in phones]
        crowded_s = await health_p99_s(gateway, 10)
        assert not any(task.done() for task in asking)
        for task in asking:
            task.cancel()
    for phone in phones:
        await phone.aclose()
    assert crowded_s < WITHIN_S + alone_s


async def fill(phone: httpx.AsyncClient) -> None:
    """Join, and write nothing but tags."""
    joined = await phone.post("/join", json={"code": "code", "name": "Greedy"})
    assert joined.status_code == httpx.codes.OK
    text = ("$A " * TEXT_MAX_CHARS)[:TEXT_MAX_CHARS]
    for number in range(TEXTS):
        await phone.put(f"/chat/messages/{number}", files={"text": (None, text)})


async def ask_without_end(phone: httpx.AsyncClient) -> None:
    while True:
        page = await phone.get("/chat/messages", params={"limit": 200})
        assert page.status_code == httpx.codes.OK


async def health_p99_s(gateway: GatewayProcess, seconds: float) -> float:
    """How long an answer takes that 99 of 100 do not exceed; asked from a process of its own."""
    port = str(httpx.URL(gateway.base_url).port)
    probe = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROBE, port, str(seconds), stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        said, _ = await probe.communicate()
    return float(said)
