import dataclasses
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from rich.console import Console
from typing_extensions import override

from bot.settings import BotSettings, Engine
from deploy import databases
from deploy.doctor import examination as doctor
from deploy.doctor import liveness
from deploy.doctor.checks import Check, Level, show_checks
from deploy.doctor.hardware import Survey, survey
from deploy.running.sandbox import free_port
from gateway.settings import GatewaySettings
from inference.contract import EngineInfo
from inference.errors import ModelCorrupt
from inference.models import InstalledModel
from inference.models.vision import PROOF_FILE, VisionProof
from inference.remote.inspection import InspectedEngine
from inference.tiers import Hardware
from pictures import PictureProcess
from storage.bot_token import resolve_token
from storage.home import Holder, hold, hold_system
from storage.keys import Keyring, Purpose
from storage.layout import BOT_DATABASE, PICTURES, Layout
from storage.sqlcipher import connect
from tests.bot_world import clinic
from tests.faults.damage import flip_byte
from tests.keys import KEYRING

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


PRACTICE = InstalledModel(name="practice", path=Path("practice"), practice=True)


class Stopped:
    """A clock that stands."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


def settings(home: Path, port: int) -> tuple[BotSettings, GatewaySettings]:
    bot = BotSettings(_env_file=None, home=home)
    gateway = GatewaySettings(_env_file=None, home=home, gateway_port=port, bot_api_port=port)
    return bot, gateway


@contextmanager
def server_that_answers(status: int, body: bytes) -> Iterator[int]:
    """A server of somebody else's on loopback; gives its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def other_server() -> Iterator[int]:
    """A server that knows no bot."""
    with server_that_answers(404, b"Not found") as port:
        yield port


@pytest.fixture
def portal() -> Iterator[int]:
    """A captive portal: whatever is asked for, its page comes."""
    with server_that_answers(200, b"<html>Welcome</html>") as port:
        yield port


def test_the_exit_status_is_one_only_where_something_is_at_fault() -> None:
    console = Console(file=open(os.devnull, "w"))  # noqa: SIM115, PTH123 - closed below
    fine, warning = Check(Level.OK, "A", "fine"), Check(Level.WARN, "B", "low", "do this")
    assert show_checks(console, [fine, warning]) == 0
    assert show_checks(console, [fine, Check(Level.FAULT, "C", "broken", "do that")]) == 1
    console.file.close()


def test_every_line_that_is_not_ok_says_what_to_do(tmp_path: Path) -> None:
    lines = [
        doctor.check_python((3, 10, 1)),
        doctor.check_sqlite("3.40.1"),
        doctor.check_clock(Stopped(datetime(1970, 1, 1, tzinfo=UTC)), tmp_path),
        doctor.check_disk(tmp_path, 10**6),
        *doctor.check_hardware(Survey(hardware="1 core", fault="does not fit"))[1:],
        *doctor.check_hardware(Survey(hardware="", fault="the model process does not start")),
    ]
    assert {line.level for line in lines} == {Level.FAULT}
    assert all(line.advice for line in lines)


def test_an_old_sqlite_that_may_corrupt_a_database_is_a_fault() -> None:
    assert doctor.check_sqlite("3.51.2").level is Level.FAULT
    assert doctor.check_sqlite("3.51.3").level is Level.OK
    assert doctor.check_sqlite(databases.sqlite_version()).level is Level.OK


def test_a_clock_set_back_behind_what_is_stored_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / BOT_DATABASE
    path.parent.mkdir(parents=True)
    path.touch()
    stored = NOW.timestamp()
    os.utime(path, (stored, stored))
    assert doctor.check_clock(Stopped(NOW - timedelta(days=1)), tmp_path).level is Level.FAULT
    assert doctor.check_clock(Stopped(NOW + timedelta(days=1)), tmp_path).level is Level.OK


def test_a_disk_that_fills_up_is_a_warning_before_it_is_a_fault(tmp_path: Path) -> None:
    levels = [doctor.check_disk(tmp_path, size).level for size in (10**10, 10**9, 10**8)]
    assert levels == [Level.OK, Level.WARN, Level.FAULT]


def test_a_token_that_others_may_read_is_a_fault(tmp_path: Path) -> None:
    _, gateway = settings(tmp_path, 8081)
    assert doctor.check_secret(gateway, KEYRING).level is Level.OK
    resolve_token(gateway, KEYRING)
    assert doctor.check_secret(gateway, KEYRING).level is Level.OK
    token = Layout(tmp_path).bot_token
    token.chmod(0o644)
    assert doctor.check_secret(gateway, KEYRING).advice == f"chmod 600 {token}"


@pytest.mark.parametrize("keyring", [KEYRING, None])
def test_a_token_in_clear_is_a_warning_and_a_damaged_one_a_fault(
    tmp_path: Path, keyring: Keyring | None
) -> None:
    _, gateway = settings(tmp_path, 8081)
    path = Layout(tmp_path).bot_token
    path.parent.mkdir()
    path.write_text("1234567890:" + "A" * 35)
    path.chmod(0o600)
    assert doctor.check_secret(gateway, keyring).level is Level.WARN
    path.write_text("nothing of the sort")
    assert doctor.check_secret(gateway, keyring).level is Level.FAULT


def test_a_damaged_database_is_a_fault(tmp_path: Path) -> None:
    file = Path("bot/bot.db")
    path = tmp_path / file
    assert doctor.check_database(tmp_path, file, KEYRING).level is Level.OK
    path.parent.mkdir()
    connection = connect(path, KEYRING, Purpose.BOT_DATABASE)
    connection.execute("CREATE TABLE cases (code TEXT) STRICT")
    connection.executemany("INSERT INTO cases VALUES (?)", [("C" * 500,)] * 100)
    connection.close()
    assert doctor.check_database(tmp_path, file, KEYRING).level is Level.OK
    damaged = bytearray(path.read_bytes())
    damaged[4096:8192] = b"\xff" * 4096
    path.write_bytes(damaged)
    assert doctor.check_database(tmp_path, file, KEYRING).level is Level.FAULT


@pytest.fixture
def practice_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The practice model, whole."""
    monkeypatch.setattr(doctor, "find_model", lambda *_: PRACTICE)
    monkeypatch.setattr(doctor, "verify_model", lambda *_: None)
    monkeypatch.setattr(doctor, "find_prepared", lambda *_: None)


@pytest.mark.usefixtures("practice_model")
def test_a_model_file_that_changed_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ModelCorrupt

    monkeypatch.setattr(doctor, "verify_model", refuse)
    bot, _ = settings(tmp_path, 8081)
    (line,) = doctor.check_model(bot, lambda *_: pytest.fail("measured a model that is damaged"))
    assert (line.level, line.subject) == (Level.FAULT, "Model")


@pytest.mark.usefixtures("practice_model")
def test_the_practice_model_is_a_warning_and_the_tier_says_why(tmp_path: Path) -> None:
    found = Survey(hardware="2 cores", tier="cpu: no GPU was found.")
    bot, _ = settings(tmp_path, 8081)
    model, hardware, tier = doctor.check_model(bot, lambda *_: found)
    assert model.level is Level.WARN
    assert "not for patients" in model.words
    assert (hardware.words, tier.words) == ("2 cores", "cpu: no GPU was found.")


@pytest.fixture
def started_once(tmp_path: Path) -> Path:
    """A data folder that has a bot token."""
    resolve_token(settings(tmp_path, 8081)[1], KEYRING)
    return tmp_path


def test_the_weights_at_4_bits_are_verified_too_and_the_machine_is_measured_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = InstalledModel(name="medgemma-4b-it", path=tmp_path / "full", practice=False)
    prepared = InstalledModel(name="medgemma-4b-it-nf4", path=tmp_path / "nf4", practice=False)
    verified: list[InstalledModel] = []
    monkeypatch.setattr(doctor, "find_model", lambda *_: source)
    monkeypatch.setattr(doctor, "find_prepared", lambda *_: prepared)
    monkeypatch.setattr(doctor, "verify_model", verified.append)
    asked: list[object] = []

    def surveyor(*question: object) -> Survey:
        asked.extend(question)
        return Survey(hardware="2 cores", tier="4-bit on the CPU.")

    prepared.path.mkdir()
    proof = VisionProof(films=6, cosine=0.9991, same_words=6, same_urgency=6)
    (prepared.path / PROOF_FILE).write_text(proof.model_dump_json())
    bot, _ = settings(tmp_path, 8081)
    model, *_ = doctor.check_model(bot, surveyor)
    assert "; vision at 8 bits: of 6 films 6 read in the same words" in model.words
    assert verified == [source, prepared]
    assert asked == [None, source.path, prepared.path, None]
    assert "medgemma-4b-it-nf4 at 4 bits" in model.words


def test_the_machine_is_measured_as_the_running_bot_may_use_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service's limit is not that of the shell in which the doctor is asked."""
    model = InstalledModel(name="medgemma-4b-it", path=tmp_path / "full", practice=False)
    monkeypatch.setattr(doctor, "find_model", lambda *_: model)
    monkeypatch.setattr(doctor, "find_prepared", lambda *_: None)
    monkeypatch.setattr(doctor, "verify_model", lambda _: None)
    asked: list[object] = []

    def surveyor(*question: object) -> Survey:
        asked.extend(question)
        return Survey(hardware="2 cores", tier="4-bit on the CPU.")

    bot, _ = settings(tmp_path, 8081)
    with hold(tmp_path, Holder.BOT):
        doctor.check_model(bot, surveyor)
    assert asked == [None, model.path, None, os.getpid()]


@pytest.mark.parametrize(
    ("allowed_bytes", "cpus", "words"),
    [
        (None, None, "2 cores, 16.0 GB of memory (3.0 GB free), no GPU that PyTorch can use"),
        (
            4 * 10**9,
            1.5,
            (
                "1 core (the time of 1.5 is allowed), 4.0 GB of 16.0 GB of memory allowed"
                " (3.0 GB free), no GPU that PyTorch can use"
            ),
        ),
    ],
)
def test_a_limit_that_binds_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    allowed_bytes: int | None,
    cpus: float | None,
    words: str,
) -> None:
    found = Hardware(
        ram_total_bytes=16 * 10**9,
        ram_available_bytes=3 * 10**9,
        ram_allowed_bytes=allowed_bytes,
        cpu_cores=2 if cpus is None else int(cpus),
        cpus_allowed=cpus,
    )
    said = json.dumps({"hardware": dataclasses.asdict(found), "fault": "too small"})
    done = subprocess.CompletedProcess([], 0, stdout=said.encode())
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert survey(None, tmp_path).hardware == words


def test_a_tier_that_could_be_better_is_no_fault_and_says_how() -> None:
    found = Survey(hardware="12 GB card", tier="8-bit.", note="16-bit would fit too.")
    _, tier = doctor.check_hardware(found)
    assert (tier.level, tier.words, tier.advice) == (Level.OK, "8-bit.", "16-bit would fit too.")


def test_a_gateway_that_does_not_run_is_a_warning_with_the_command_that_starts_it(
    started_once: Path,
) -> None:
    for keyring in (KEYRING, None):
        line = liveness.check_gateway(*settings(started_once, free_port()), keyring)
        assert line.level is Level.WARN
        assert "make run" in line.advice


def test_before_the_first_start_no_token_is_made_to_ask_with(tmp_path: Path) -> None:
    line = liveness.check_gateway(*settings(tmp_path, free_port()), KEYRING)
    assert line.level is Level.WARN
    assert not (tmp_path / "secrets").exists()


def test_another_program_on_the_gateways_port_is_a_fault(
    started_once: Path, other_server: int
) -> None:
    line = liveness.check_gateway(*settings(started_once, other_server), KEYRING)
    assert line.level is Level.FAULT
    assert "does not know this bot" in line.words


def test_a_server_elsewhere_that_is_out_of_reach_is_named_with_its_setting(
    started_once: Path,
) -> None:
    address = f"http://localhost:{free_port()}"
    bot = BotSettings(_env_file=None, home=started_once, bot_api_url=address)
    line = liveness.check_gateway(bot, settings(started_once, free_port())[1], KEYRING)
    assert line.level is Level.FAULT
    assert f"{address} (EDGERAD_BOT_API_URL)" in line.words
    assert "EDGERAD_BOT_API_URL" in line.advice


def test_a_page_that_answers_everything_is_no_bot_api(started_once: Path, portal: int) -> None:
    line = liveness.check_gateway(*settings(started_once, portal), KEYRING)
    assert line.level is Level.FAULT


def test_without_the_key_doctor_still_says_what_answers(started_once: Path) -> None:
    with server_that_answers(200, b'{"ok": true}') as port:
        line = liveness.check_gateway(*settings(started_once, port), None)
    assert line.level is Level.WARN
    assert "not known without the key" in line.words


def test_a_webhook_of_somebody_elses_is_a_fault_that_names_where_it_goes(
    started_once: Path,
) -> None:
    answer = b'{"ok": true, "result": {"url": "https://thief.example/%s"}}'
    with server_that_answers(200, answer % b"secret") as port:
        line = liveness.check_gateway(*settings(started_once, port), KEYRING)
    assert line.level is Level.FAULT
    assert "a webhook at thief.example takes what phones send" in line.words
    assert "secret" not in line.words


@pytest.mark.parametrize(
    ("host", "level"), [("127.0.0.1", Level.OK), ("::1", Level.OK), ("0.0.0.0", Level.WARN)]
)
def test_a_bot_api_that_other_machines_reach_is_a_warning(host: str, level: Level) -> None:
    line = liveness.check_bot_api_address(GatewaySettings(_env_file=None, bot_api_host=host))
    assert line.level is level


def test_a_page_for_phones_that_another_program_serves_is_a_fault(
    tmp_path: Path, other_server: int
) -> None:
    assert liveness.check_phones(settings(tmp_path, other_server)[1]).level is Level.FAULT
    assert liveness.check_phones(settings(tmp_path, free_port())[1]).level is Level.WARN


def test_a_data_folder_that_cannot_be_used_is_a_fault_and_ends_the_examination(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").touch()
    *_, line = doctor.examine(*settings(tmp_path / "data", free_port()))
    assert (line.level, line.subject) == (Level.FAULT, "Data folder")
    assert "EDGERAD_HOME" in line.words


@pytest.mark.usefixtures("practice_model")
def test_everything_is_looked_at_in_a_fresh_folder(tmp_path: Path) -> None:
    lines = doctor.examine(
        *settings(tmp_path / "data", free_port()),
        clock=Stopped(datetime.fromtimestamp(time.time(), UTC)),
        surveyor=lambda *_: Survey(hardware="2 cores", tier="cpu"),
    )
    assert [line.subject for line in lines] == [
        "Python",
        "SQLite",
        "Clock",
        "Disk",
        "Secrets",
        "Privacy",
        "Key",
        "Database bot",
        "Database gateway",
        "Newest data",
        "Pictures",
        "Retention",
        "Model",
        "Hardware",
        "Tier",
        "Picture process",
        "Key in memory",
        "HTTPS",
        "Address",
        "Bot API",
        "Phones",
        "Gateway",
        "Bot",
    ]
    assert not [line for line in lines if line.level is Level.FAULT]


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (
            InspectedEngine(where="a:1", engine=EngineInfo(model="m", tier=None, practice=False)),
            Level.OK,
        ),
        (
            InspectedEngine(where="a:1", engine=EngineInfo(model="m", tier=None, practice=True)),
            Level.WARN,
        ),
        (
            InspectedEngine(where="a:1", fault="Nothing listens at a:1.", advice="Start it."),
            Level.FAULT,
        ),
    ],
)
def test_each_engine_elsewhere_has_a_line_of_its_own_in_place_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: InspectedEngine, level: Level
) -> None:
    async def inspect_engines(*_: object) -> list[InspectedEngine]:
        return [found]

    monkeypatch.setattr(doctor, "inspect_engines", inspect_engines)
    bot, gateway = settings(tmp_path / "data", free_port())
    bot = bot.model_copy(update={"engine": Engine.REMOTE, "engine_urls": ("http://a:1",)})
    lines = doctor.examine(bot, gateway, surveyor=lambda *_: pytest.fail("measured this machine"))
    (line,) = [line for line in lines if line.subject == "Engine a:1"]
    assert line.level is level
    assert (line.level is Level.OK) == (not line.advice)
    assert "Model" not in [line.subject for line in lines]


async def test_a_case_whose_picture_is_gone_or_changed_is_named(tmp_path: Path) -> None:
    async with clinic(tmp_path) as ward:
        sender = await ward.enrol(7)
        whole, gone, changed = [await ward.open_case(sender) for _ in range(3)]
        files = {
            case: next((tmp_path / PICTURES).rglob(case.pictures[0].name))
            for case in (gone, changed)
        }
        assert doctor.check_pictures(tmp_path, KEYRING).level is Level.OK
        files[gone].unlink()
        flip_byte(files[changed])
        line = doctor.check_pictures(tmp_path, KEYRING)
    assert line.level is Level.FAULT
    assert f"2 cases: {gone.code}, {changed.code}" in line.words
    assert whole.code not in line.words


def test_an_engines_line_says_whether_pictures_go_there_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EngineInfo(model="m", tier=None, practice=False)

    async def inspect_engines(*_: object) -> list[InspectedEngine]:
        return [
            InspectedEngine(where="a:1", engine=engine, duration_s=1.25, private=False, scores=True)
        ]

    monkeypatch.setattr(doctor, "inspect_engines", inspect_engines)
    (line,) = doctor.check_engines(settings(tmp_path, 8081)[0])
    assert line.words == (
        "m read a sample film in 1.2 s; scores urgency before its text;"
        " pictures go there unencrypted;"
        " its weights cannot be looked at: not a known release"
    )


def test_a_slip_in_a_settings_name_is_a_warning_with_the_name_that_is_meant() -> None:
    (line,) = doctor.check_unknown_settings(
        {"EDGERAD_GATEWAY_PROT": "8082", "EDGERAD_HOME": "data"}
    )
    assert line.level is Level.WARN
    assert "Is EDGERAD_GATEWAY_PORT meant?" in line.words


@pytest.mark.parametrize(
    ("host", "level"),
    [("0.0.0.0", Level.OK), ("127.0.0.1", Level.WARN), ("192.0.2.7", Level.FAULT)],
)
def test_an_address_that_phones_cannot_reach_is_told(host: str, level: Level) -> None:
    told = liveness.check_address(GatewaySettings(_env_file=None, gateway_host=host))
    assert (told.level, bool(told.advice)) == (level, level is not Level.OK)
    assert host in told.words


def test_an_address_of_a_containers_own_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "out_of_reach", lambda url: "" if url else "Set the address.")
    told = liveness.check_address(GatewaySettings(_env_file=None))
    assert (told.level, told.advice) == (Level.WARN, "Set the address.")
    reached = GatewaySettings(_env_file=None, public_url="http://192.168.1.20:8081")
    assert liveness.check_address(reached).level is Level.OK


def test_a_stopped_edgerad_is_a_warning_because_doctor_is_run_before_a_start_too(
    tmp_path: Path,
) -> None:
    bot, _ = settings(tmp_path, 1)
    assert [line.level for line in liveness.check_parts(bot, tmp_path)] == [Level.WARN]


def test_a_bot_that_does_not_run_in_a_system_that_does_is_a_fault(tmp_path: Path) -> None:
    bot, _ = settings(tmp_path, 1)
    with hold_system(tmp_path):
        (line,) = liveness.check_parts(bot, tmp_path)
        assert (line.level, line.words) == (Level.FAULT, "it does not run")


def test_a_running_bot_is_told_by_its_process_and_a_missing_model_process_too(
    tmp_path: Path,
) -> None:
    bot, _ = settings(tmp_path, 1)
    with hold(tmp_path, Holder.BOT):
        runs, model = liveness.check_parts(bot, tmp_path)
    assert runs.words == f"runs (process {os.getpid()})"
    assert (model.subject, model.level) == ("Model process", Level.WARN)
    with hold(tmp_path, Holder.BOT):
        scripted = bot.model_copy(update={"engine": Engine.SCRIPTED})
        assert len(liveness.check_parts(scripted, tmp_path)) == 1


def test_a_data_folder_that_others_may_read_is_told_and_a_closed_one_hides_what_is_in_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "bot").mkdir()
    database = tmp_path / BOT_DATABASE
    database.touch(mode=0o644)
    tmp_path.chmod(0o755)
    told = doctor.check_privacy(tmp_path)
    assert (told.level, told.advice) == (Level.WARN, f"chmod -R go= {tmp_path}")
    tmp_path.chmod(0o700)
    assert doctor.check_privacy(tmp_path).level is Level.OK
    assert doctor.check_privacy(tmp_path / "none yet").level is Level.OK


@pytest.mark.parametrize(("holds", "level"), [(True, Level.OK), (False, Level.WARN)])
def test_what_a_taken_over_decoder_could_do_here_is_said(
    monkeypatch: pytest.MonkeyPatch, holds: bool, level: Level
) -> None:
    async def confinement(_process: PictureProcess) -> dict[str, bool]:
        return {"files": True, "sockets": holds}

    monkeypatch.setattr(PictureProcess, "confinement", confinement)
    check = doctor.check_confinement()
    assert check.level is level
    assert "sockets" in check.words
    assert bool(check.advice) is not holds


@pytest.mark.parametrize(("holds", "level"), [(True, Level.OK), (False, Level.WARN)])
def test_whether_others_can_read_the_key_in_memory_is_said(
    monkeypatch: pytest.MonkeyPatch, holds: bool, level: Level
) -> None:
    monkeypatch.setattr("machine.process_rights.refuse_inspection", lambda: holds)
    check = doctor.check_key_in_memory()
    assert check.level is level
    assert bool(check.advice) is not holds
