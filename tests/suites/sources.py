"""Clients' source packages from PyPI, with their own tests, made ready to meet this gateway.

Knows what in each package names Telegram's servers, or its authors' own chats. Must not know how
the tests fare.
"""

import io
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from tests import recordings
from tests.unpacking import unpack

PTB, TELEBOT = "python-telegram-bot==22.8", "pyTelegramBotAPI==4.37.1"
NEEDED = (
    *(
        "pytest==9.0.3",
        "pytest-asyncio==0.21.2",
        "pytest-timeout==2.4.0",
        "pytest-xdist",
        "flaky",
        "pytz",
    ),
    *("beautifulsoup4", "aiohttp", "requests", "setuptools<81"),
    "python-telegram-bot[all]==22.8",
)
"""What the tests import; the first are of the years in which they were written."""

_TELEGRAM = '"https://api.telegram.org/'


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The gateway, and who is there.

    Args:
        url: Of the bots' port.
        chat_id: Of a person who joined.
        group_id: Of a group with that person in it.
    """

    url: str
    token: str
    chat_id: int
    group_id: int


def python_of(folder: Path) -> Path:
    """An interpreter of its own for the tests, made if there is none."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        _run(sys.executable, "-m", "venv", str(folder / "venv"))
        _run(str(python), "-m", "pip", "install", "--quiet", *NEEDED)
    return python


def unpacked(requirement: str, folder: Path) -> Path:
    """A package's sources, as its authors published them."""
    name = requirement.partition("==")[0].replace("-", "_").lower()
    kept = folder / "packages"
    if not list(kept.glob(f"{name}-*.tar.gz")):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        _run(*pip, "--no-binary", ":all:", "--dest", str(kept), requirement)
    (package,) = kept.glob(f"{name}-*.tar.gz")
    unpack(package, folder / "sources")
    (sources,) = (folder / "sources").glob(f"{name}-*")
    return sources


def prepare_ptb(sources: Path, server: Server) -> None:
    """Let python-telegram-bot, and its tests, mean this gateway by Telegram."""
    for path in [*sources.glob("src/**/*.py"), *sources.glob("tests/**/*.py")]:
        text = path.read_text(encoding="utf-8")
        text = text.replace(_TELEGRAM, f'"{server.url}/')
        path.write_text(text.replace('startswith("https://")', 'startswith("http")'), "utf-8")
    bots = sources / "tests" / "auxil" / "ci_bots.py"
    before, _, after = bots.read_text(encoding="utf-8").partition("FALLBACKS = (")
    own = {
        "token": server.token,
        "payment_provider_token": "x:TEST:y",
        "chat_id": str(server.chat_id),
        **{
            f"{kind}_id": str(server.group_id) for kind in ("super_group", "forum_group", "channel")
        },
        "name": "EdgeRad",
        "username": "@edgerad_bot",
        "subscription_channel_id": server.group_id,
    }
    after = after.partition("BOTS = os.getenv")[2].partition("\n\n\nclass")[2]
    made = f"BOTS = JOB_INDEX = None\nFALLBACKS = {[own]!r}\n\n\nclass"
    bots.write_text(before + made + after, encoding="utf-8")
    _fill(sources / "tests" / "data")


def prepare_telebot(sources: Path, server: Server) -> None:
    """Let pyTelegramBotAPI mean this gateway by Telegram, in what its tests import first."""
    (sources / "tests" / "this_gateway.py").write_text(
        "from telebot import apihelper, asyncio_helper\n\n"
        f"server = {json.dumps(asdict(server))}\n"
        "apihelper.API_URL = asyncio_helper.API_URL = server['url'] + '/bot{0}/{1}'\n"
        "apihelper.FILE_URL = asyncio_helper.FILE_URL = server['url'] + '/file/bot{0}/{1}'\n",
        encoding="utf-8",
    )
    for example in sources.glob("examples/*.py"):
        source = example.read_text(encoding="utf-8")
        example.write_text(f"import this_gateway\n{source}", encoding="utf-8")


def _fill(folder: Path) -> None:
    """Make the pictures, films and sounds that the package leaves out, with the same measures."""
    made = {
        "telegram.jpg": _noise("JPEG", 800),
        "telegram.png": _noise("PNG", 300),
        "telegram.mp4": _padded(recordings.mp4(5, 360, 640), 326_534),
        "telegram2.mp4": _padded(recordings.mp4(3, 240, 240), 132_084),
        "telegram.ogg": _padded(recordings.opus(3), 9_199),
        "telegram.mp3": _padded(recordings.mp3(3), 122_920),
        "game.gif": _padded(recordings.gif(1, 320, 180), 5_859),
        "telegram.webp": _padded(recordings.sticker(510, 512), 39_518),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)


def _noise(form: str, side_px: int) -> bytes:
    held = io.BytesIO()
    Image.effect_noise((side_px, side_px), 40).convert("RGB").save(held, form)
    return held.getvalue()


def _padded(data: bytes, size_bytes: int) -> bytes:
    return data + bytes(max(0, size_bytes - len(data)))


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
