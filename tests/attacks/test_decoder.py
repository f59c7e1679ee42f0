"""A decoder that a picture took over, on a machine without namespaces: what it can still do."""

from collections.abc import AsyncIterator, Iterator

import pytest

import pictures.process
from pictures import PictureProcess
from pictures.errors import DamagedPicture
from tests.attacks.capabilities import python_without_capabilities
from tests.attacks.conftest import Note
from tests.attacks.taken_over import AT_HAND, HEIC

ATTACKER = "on the machine, and in files"

PATIENT = b"Kofi Mensah, record 4711"


@pytest.fixture
async def decoder(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PictureProcess]:
    monkeypatch.setattr(pictures.process, "_ZYGOTE", "tests.attacks.taken_over")
    async with PictureProcess() as process:
        yield process


@pytest.fixture
def other_process() -> Iterator[tuple[int, int]]:
    """A process of the same user that hides nothing: its id, and where a patient's name stands."""
    program = (
        "import ctypes, os, sys\n"
        "ctypes.CDLL(None).prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0)\n"  # where Yama asks
        f"name = ctypes.create_string_buffer({PATIENT!r})\n"
        "print(os.getpid(), ctypes.addressof(name), flush=True)\n"
        "sys.stdin.read()\n"
    )
    with python_without_capabilities("-c", program) as process:
        assert process.stdout is not None
        pid, address = map(int, process.stdout.readline().split())
        yield pid, address
        process.kill()


@pytest.fixture(params=[b"", HEIC], ids=["any file", "HEIC"])
def start(request: pytest.FixtureRequest) -> bytes:
    """What the file begins with: a child that decodes HEIC may start threads."""
    given: bytes = request.param
    return given


async def what_came_of(decoder: PictureProcess, attack: str, start: bytes = b"") -> str:
    with pytest.raises(DamagedPicture) as caught:
        await decoder.prepare(start + attack.encode())
    return str(caught.value)


READ_MEMORY = """
there = (ctypes.c_void_p * 2)({address}, {length})
taken = ctypes.create_string_buffer({length})
here = (ctypes.c_void_p * 2)(ctypes.addressof(taken), {length})
done(libc.process_vm_readv({pid}, here, 1, there, 1, 0))
found = taken.raw
"""


def read_memory(pid: int, address: int) -> str:
    return READ_MEMORY.format(pid=pid, address=address, length=len(PATIENT))


def test_what_the_decoder_tries_does_read_another_process(other_process: tuple[int, int]) -> None:
    """The attack itself works, where nothing is in its way."""
    names = dict(AT_HAND)
    exec(read_memory(*other_process), names)  # noqa: S102 - this is the attack
    assert names["found"] == PATIENT


async def test_it_reads_no_other_processs_memory(
    decoder: PictureProcess, other_process: tuple[int, int], start: bytes, outcome: Note
) -> None:
    said = await what_came_of(decoder, read_memory(*other_process), start)
    assert said == "refused: Operation not permitted"
    outcome(
        "A picture that takes its decoder over reads the memory of another process, on a"
        " machine that refuses namespaces",
        "refused by the kernel",
    )


@pytest.mark.parametrize(
    "attack",
    [
        "done(libc.ptrace(16, {pid}, 0, 0))",
        "os.kill({pid}, 9)",
        "os.open('/etc/passwd', os.O_RDONLY)",
        "done(libc.prlimit(0, resource.RLIMIT_NOFILE, (ctypes.c_ulong * 2)(64, 64), None))",
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
        "socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)",
        "os.fork() or os._exit(0)",
        "os.execv('/bin/true', ['true'])",
        "os.unlink('/tmp/of-nobody')",
        "os.setpriority(os.PRIO_USER, os.getuid(), 19)",
        "os.pidfd_open({pid})",
    ],
)
async def test_it_does_nothing_but_compute(
    decoder: PictureProcess,
    other_process: tuple[int, int],
    attack: str,
    start: bytes,
    outcome: Note,
) -> None:
    program = f"found = {attack.format(pid=other_process[0])}"
    said = await what_came_of(decoder, program, start)
    assert said == "refused: Operation not permitted"
    outcome(
        "The same tries ptrace, signals, files, sockets, new processes, new programs,"
        " more file descriptors",
        "refused by the kernel",
    )


async def test_only_a_decoder_of_heic_starts_threads_and_they_are_confined_too(
    decoder: PictureProcess,
    outcome: Note,
) -> None:
    attack = """
import threading
found = []
def open_file():
    try:
        found.append(os.open("/etc/passwd", os.O_RDONLY))
    except OSError as error:
        found.append(error.strerror)
try:
    thread = threading.Thread(target=open_file)
    thread.start()
    thread.join()
except RuntimeError as error:
    found = str(error)
"""
    assert "can't start new thread" in await what_came_of(decoder, attack)
    assert await what_came_of(decoder, attack, HEIC) == ("succeeded: ['Operation not permitted']")
    outcome("The same starts a thread", "a decoder of HEIC may; the thread is confined too")


async def test_what_this_machine_cannot_hold_is_said_and_the_rest_is_tried(
    decoder: PictureProcess, caplog: pytest.LogCaptureFixture, outcome: Note
) -> None:
    held = await decoder.confinement()
    network = "the machine's network, by a namespace of its own"
    assert [what for what, holds in held.items() if not holds] == [network]
    assert {"files", "sockets", "new processes", "other processes' memory"} < held.keys()
    said = [record for record in caplog.get_records("setup") if record.levelname == "WARNING"]
    assert [network in record.getMessage() for record in said] == [True]
    outcome("A machine on which a step of the confinement does not hold", "the log says which")


async def test_a_trial_that_fails_counts_as_nothing_held(
    monkeypatch: pytest.MonkeyPatch, outcome: Note
) -> None:
    monkeypatch.setattr(pictures.process, "_ZYGOTE", "tests.attacks.without_trial")
    async with PictureProcess() as process:
        assert False in (await process.confinement()).values()
    outcome("A trial of the confinement that ends at once", "counts as not held")


async def test_it_finds_no_other_door_to_the_kernel(
    decoder: PictureProcess, start: bytes, outcome: Note
) -> None:
    """x86-64 kernels take the numbers of a second kind of call, "x32", too: getpid is 39 there."""
    attack = "found = done(libc.syscall(0x40000000 + 39))"
    assert await what_came_of(decoder, attack, start) == "refused: Operation not permitted"
    outcome("The same calls under other numbers (x32)", "refused by the kernel")
