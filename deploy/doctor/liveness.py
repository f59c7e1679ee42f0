"""Whether the parts run and can be reached, as `edgerad doctor` asks.

Knows the Bot API's simplest call, locks and processes. Changes nothing.
"""

import socket
from pathlib import Path

import httpx
import psutil

from bot.settings import BotSettings, Engine
from deploy.doctor.checks import Check, Level
from deploy.running.system import LOOPBACK, bot_api_url, is_own
from gateway.settings import GatewaySettings
from storage.bot_token import known_token
from storage.home import Holder, process_of

ANSWER_S = 3.0
MODEL_PROCESS = "inference.runtime"
START = "Start EdgeRad: make run, or edgerad up."
OTHER_ON_PORT = "Another program or another data folder's EdgeRad uses the port: stop it."
ELSEWHERE = (
    "Is that server running, and the bot's token one that it knows? Correct EDGERAD_BOT_API_URL,"
    " or leave it out for EdgeRad's own gateway."
)


def check_address(gateway: GatewaySettings) -> Check:
    """The gateway may listen where it is told to, and phones reach that."""
    host = gateway.gateway_host
    words = f"the gateway listens at {host}, port {gateway.gateway_port}"
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
        for family, kind, number, _, address in found[:1]:
            with socket.socket(family, kind, number) as tried:
                tried.bind(address)
    except OSError as error:
        words = f"EDGERAD_GATEWAY_HOST={host} is not an address of this machine ({error.strerror})"
        return Check(Level.FAULT, "Address", words, "Leave it out for all of them.")
    if host in LOOPBACK:
        advice = "Leave EDGERAD_GATEWAY_HOST out, unless a proxy on this machine stands before it."
        return Check(Level.WARN, "Address", f"{words}, which no phone reaches", advice)
    return Check(Level.OK, "Address", words)


def check_parts(settings: BotSettings, home: Path) -> list[Check]:
    """If EdgeRad runs, all its parts do; stopped is no fault."""
    bot = process_of(home, Holder.BOT)
    if bot is None:
        runs = process_of(home, Holder.SYSTEM) is not None
        advice = "Its messages are in EdgeRad's log." if runs else START
        return [Check(Level.FAULT if runs else Level.WARN, "Bot", "it does not run", advice)]
    checks = [Check(Level.OK, "Bot", f"runs (process {bot})")]
    if settings.engine is Engine.LOCAL:
        checks.append(_model_check(_model_process(bot)))
    return checks


def _model_check(process: int | None) -> Check:
    if process is None:
        advice = "The log says why; the bot starts it again by itself."
        return Check(Level.WARN, "Model process", "it does not run", advice)
    return Check(Level.OK, "Model process", f"runs (process {process})")


def _model_process(bot: int) -> int | None:
    """The bot's child that holds the weights."""
    try:
        for child in psutil.Process(bot).children():
            if MODEL_PROCESS in child.cmdline():
                return child.pid
    except psutil.Error:
        return None
    return None


def check_gateway(bot: BotSettings, gateway: GatewaySettings) -> Check:
    """What answers at the Bot API's address knows this bot."""
    token = known_token(gateway)
    url = bot_api_url(bot, gateway)
    own = is_own(url, gateway)
    place = url if own else f"{url} (EDGERAD_BOT_API_URL)"
    if token is None:
        return Check(Level.WARN, "Gateway", "not started yet: no bot token", START)
    try:
        answer = httpx.get(f"{url}/bot{token}/getMe", timeout=ANSWER_S, trust_env=False)
    except httpx.ConnectError:
        words = f"nothing listens at {place}"
        level = Level.WARN if own else Level.FAULT
        return Check(level, "Gateway", words, START if own else ELSEWHERE)
    except httpx.TransportError as error:
        words = f"{place} does not answer ({type(error).__name__})"
        advice = "Restart EdgeRad: Ctrl-C, then edgerad up." if own else ELSEWHERE
        return Check(Level.FAULT, "Gateway", words, advice)
    if not _is_yes(answer):
        words = f"{place} does not know this bot (HTTP {answer.status_code})"
        return Check(Level.FAULT, "Gateway", words, OTHER_ON_PORT if own else ELSEWHERE)
    return Check(Level.OK, "Gateway", f"answers at {place}")


def _is_yes(answer: httpx.Response) -> bool:
    """Whether this is a Bot API's yes; a captive portal's page comes with status 200 too."""
    try:
        return answer.json()["ok"] is True
    except (ValueError, TypeError, LookupError):
        return False
