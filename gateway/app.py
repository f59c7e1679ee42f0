"""The gateway put together: store, picture process, Bot API and phone chat behind one server.

Knows all rooms, and which of them owns what for how long.
"""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from gateway.bodies import BodyLimits
from gateway.bot_api.flood import FloodControl
from gateway.bot_api.routes import BotApi
from gateway.certificates import Certificates, Tls
from gateway.compression import Compression
from gateway.phone.origins import OriginCheck
from gateway.phone.plain_http import PlainHttp
from gateway.phone.routes import PhoneChat
from gateway.phone.samples import Samples
from gateway.redirection import Elsewhere
from gateway.schemas.records import BotIdentity, UserId
from gateway.server import allow_many_connections, listen, make_server
from gateway.settings import GatewaySettings
from gateway.sms.courier import Courier
from gateway.sms.lines import lines_of, rules_of
from gateway.store.files import FileStore
from gateway.store.media import MediaStore
from gateway.store.plaintext_copies import plaintext_copies
from gateway.store.signals import SHUT_OUT, PhoneSignals
from gateway.store.store import ChatStore, open_chat_store
from machine.systemd import STOPPING, notify, stay_watched
from pictures import PictureProcess
from storage.bot_token import resolve_token
from storage.database import DiskFault
from storage.epoch import PERIOD_S, EpochKeeper, EpochRecord
from storage.home import Holder, hold
from storage.keys import Keyring
from storage.layout import GATEWAY_DATABASE, Layout
from storage.opening import unlocked
from storage.sealed_folder import SealedFolder

BOT_NAME = "EdgeRad"
BOT_USERNAME = "edgerad_bot"
FORM_OVERHEAD_BYTES = 65_536
STOP_S = 3
HOUSEKEEPING_S = 24 * 3600

log = logging.getLogger(__name__)


def run(settings: GatewaySettings) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        settings: As read from the environment.
    """
    os.umask(0o077)  # patients' pictures and words are for this account alone
    allow_many_connections()
    with hold(settings.home, Holder.GATEWAY):
        asyncio.run(_until_stopped(settings))


async def _until_stopped(settings: GatewaySettings) -> None:
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    async with serving(settings) as ports, asyncio.TaskGroup() as group:
        watched = group.create_task(stay_watched())
        log.info("Serving phones on port %d, the bot on port %d", ports.phones, ports.bots)
        await stop.wait()
        notify(STOPPING)
        watched.cancel()
    log.info("Stopped")


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the gateway listens, which are free ports where the settings say 0."""

    phones: int
    bots: int


@dataclass(frozen=True, slots=True)
class Apps:
    """What the gateway serves: the phones' chat, and the Bot API at a port of its own."""

    phones: ASGIApp
    bots: ASGIApp


@contextlib.asynccontextmanager
async def serving(settings: GatewaySettings) -> AsyncIterator[Ports]:
    """Serve while the block runs."""
    signals = PhoneSignals()
    async with contextlib.AsyncExitStack() as stack:
        listening = listen(settings.gateway_host, settings.gateway_port)
        for_bots = listen(settings.bot_api_host, settings.bots_port, "EDGERAD_BOT_API")
        keyring = stack.enter_context(unlocked(settings.home, settings.key_file))
        certificates = Certificates(settings.home, keyring)
        apps = await stack.enter_async_context(open_apps(settings, keyring, signals))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        servers = [(make_server(apps.bots, graceful_s=STOP_S), for_bots)]
        if certificates.are_made:
            safely = listen(settings.gateway_host, settings.tls_port, "EDGERAD_TLS")
            port, tls = safely.getsockname()[1], Tls(certificates)
            plain = PlainHttp(apps.phones, certificates, port)
            elsewhere = Elsewhere(tls.context, port)
            following = group.create_task(tls.follow())
            stack.callback(following.cancel)
            servers += [
                (make_server(plain, graceful_s=STOP_S, elsewhere=elsewhere), listening),
                (make_server(apps.phones, graceful_s=STOP_S, tls=tls.context), safely),
            ]
        else:
            servers.append((make_server(apps.phones, graceful_s=STOP_S), listening))
        for server, at in servers:
            group.create_task(server.serve(sockets=[at]))
        try:
            yield Ports(listening.getsockname()[1], for_bots.getsockname()[1])
        finally:
            signals.close()
            for server, _ in servers:
                server.should_exit = True


@contextlib.asynccontextmanager
async def open_apps(
    settings: GatewaySettings, keyring: Keyring, signals: PhoneSignals
) -> AsyncIterator[Apps]:
    """Open what the gateway needs, and put together what it serves.

    Args:
        keyring: The keys to the data folder.
        signals: Closing them ends every long request.
    """
    token, layout = resolve_token(settings, keyring), Layout(settings.home)
    async with contextlib.AsyncExitStack() as stack:
        files = FileStore(SealedFolder(layout.gateway_files, keyring))
        pictures = await stack.enter_async_context(PictureProcess())
        store = await stack.enter_async_context(
            open_chat_store(
                layout.gateway_database,
                keyring,
                _bot_of(token),
                signals,
                time.time,
                is_open=settings.gateway_open,
                sms=rules_of(settings),
            )
        )
        keeper = EpochKeeper(
            EpochRecord(settings.home, keyring), GATEWAY_DATABASE, store.epoch, time.time
        )
        await keeper.try_step()
        stack.push_async_callback(keeper.try_step)
        if settings.gateway_open:
            log.warning("EDGERAD_GATEWAY_OPEN: whoever asks is let in, with any code")
        await store.forget_old()
        await files.sweep(await store.files.paths())
        media = MediaStore(files, pictures)
        copies = stack.enter_context(plaintext_copies(files)) if settings.gateway_local else None
        flood = FloodControl(time.monotonic) if settings.gateway_flood_control else None
        bot_api = BotApi(
            store=store, files=files, media=media, token=token, flood=flood, copies=copies
        )
        phone = PhoneChat(
            store=store,
            files=files,
            media=media,
            samples=Samples(settings.samples_dir),
            clock=time.monotonic,
            max_upload_bytes=settings.max_upload_bytes,
        )
        health = Route("/health", _health(store), methods=["GET"])
        apps = Apps(
            phones=_limited(_for_phones([health, *phone.routes()], settings), settings),
            bots=_limited(_routed([*bot_api.routes(), health]), settings),
        )
        drivers = await stack.enter_async_context(lines_of(settings, time.time))
        courier = Courier(store=store.sms, signals=signals, drivers=drivers, clock=time.time)
        async with asyncio.TaskGroup() as group:
            loops = [
                bot_api.deliver(),
                phone.keep_held_short(),
                _keep_house(store, media),
                _keep_epoch(keeper, signals),
            ]
            if drivers:
                loops.append(courier.work())
            tasks = [group.create_task(loop) for loop in loops]
            try:
                yield apps
            finally:
                for task in tasks:
                    task.cancel()


async def _keep_epoch(keeper: EpochKeeper, signals: PhoneSignals) -> None:
    """Have no copy of the database pass for it that is older than a while, or than a revocation."""
    with signals.listen(SHUT_OUT) as shut_out:
        while True:
            await shut_out.wait(PERIOD_S)
            await keeper.try_step()


async def _keep_house(store: ChatStore, media: MediaStore) -> None:
    """Forget what is old, once a day."""
    while True:
        await asyncio.sleep(HOUSEKEEPING_S)
        try:
            await media.discard(await store.forget_old())
        except (DiskFault, OSError) as error:
            log.warning("Not all that is old was forgotten: %s", type(error).__name__)


def _bot_of(token: str) -> BotIdentity:
    user_id = UserId(int(token.partition(":")[0]))
    return BotIdentity(user_id=user_id, name=BOT_NAME, username=BOT_USERNAME)


def _routed(routes: list[BaseRoute]) -> ASGIApp:
    return Starlette(routes=routes, exception_handlers={Exception: _broken})


def _for_phones(routes: list[BaseRoute], settings: GatewaySettings) -> ASGIApp:
    return OriginCheck(Compression(_routed(routes)), settings.public_url)


def _limited(app: ASGIApp, settings: GatewaySettings) -> ASGIApp:
    return BodyLimits(app, settings.max_upload_bytes + FORM_OVERHEAD_BYTES)


async def _broken(_request: Request, _error: Exception) -> Response:
    """Answers phones and bots alike; the server then logs where it broke."""
    words = "EdgeRad could not do this: try again, and tell whoever runs it if it happens again."
    body = {"ok": False, "error_code": 500, "description": "Internal Server Error", "error": words}
    return JSONResponse(body, 500, headers={"Connection": "close"})  # as the server then does


def _health(store: ChatStore) -> Callable[[Request], Awaitable[Response]]:
    async def health(_request: Request) -> Response:
        await store.updates.count()  # proves that the database answers
        # the page on the port without HTTPS asks whether a phone can fetch this
        headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
        return JSONResponse({"ok": True, "version": _version()}, headers=headers)

    return health


def _version() -> str:
    try:
        return version("edgerad")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"
