"""`edgerad tls`: certificates made, said and removed; an authority that phones trust stays."""

import asyncio
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy.commands import up
from deploy.commands.cli import app
from gateway.certificates import Certificates, CertificatesUnusable
from gateway.settings import GatewaySettings
from tests.keys import KEYRING


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    key = tmp_path / "key"
    key.write_text(KEYRING.as_text())
    monkeypatch.setenv("EDGERAD_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("EDGERAD_KEY_FILE", str(key))
    return tmp_path / "data"


def says(*words: str) -> str:
    result = CliRunner().invoke(app, ["tls", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_an_authority_is_made_once_and_anew_only_when_told_so(home: Path) -> None:
    """Every phone would have to trust a new one."""
    assert "plain HTTP" in says("status")
    says("init")
    first = (home / "tls" / "ca.pem").read_bytes()
    says("init")
    assert (home / "tls" / "ca.pem").read_bytes() == first
    assert "lasts until" in says("status")
    says("init", "--force")
    assert (home / "tls" / "ca.pem").read_bytes() != first
    says("off")
    assert list((home / "tls").iterdir()) == []
    assert "plain HTTP" in says("status")


def test_the_fingerprint_is_shown_to_the_letter(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People compare it with a phone's; some pairs of letters are names of pictures elsewhere."""
    says("init")
    monkeypatch.setattr(Certificates, "fingerprint", "4C:CD:AB:28")
    assert "4C:CD:AB:28" in says("status")


async def test_a_certificate_that_cannot_be_made_anew_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk: phones go on with the certificate that there is."""
    faults: list[Exception] = [OSError(28, "No space left"), CertificatesUnusable("no key")]
    done = asyncio.Event()

    def fail(*_: object) -> bool:
        if not faults:
            loop.call_soon_threadsafe(done.set)
            return False
        raise faults.pop()

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(up, "RENEWING_S", 0)
    monkeypatch.setattr(up, "renew", fail)
    console = Console(record=True, quiet=True)
    place = GatewaySettings(_env_file=None, home=tmp_path)
    keeping = loop.create_task(up._keep_certified(place, KEYRING, console))
    await done.wait()
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
