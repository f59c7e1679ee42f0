"""Whether the parts run and can be reached, as `edgerad doctor` asks.

Knows the Bot API's simplest call, locks and processes. Changes nothing.
"""

import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil

from bot.settings import BotSettings, Engine
from deploy.doctor.checks import Check, Level
from deploy.joining.addresses import out_of_reach
from deploy.running.system import LOOPBACK, bot_api_url, is_own, near
from gateway.settings import GatewaySettings
from storage.bot_token import TokenDamaged, known_token
from storage.home import Holder, process_of
from storage.keys import Keyring
from storage.layout import Layout

ANSWER_S = 3.0
MODEL_PROCESS = "inference.runtime"
START = "Start EdgeRad: make run, or edgerad up."
OTHER_ON_PORT = "Another program or another data folder's EdgeRad uses the port: stop it."
REPLACE_IT = (
    "Whoever set it has the bot's token. For a new one: stop EdgeRad, remove secrets/bot_token from"
    " EDGERAD_HOME, and start it."
)
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
    if advice := out_of_reach(gateway.public_url):
        return Check(Level.WARN, "Address", f"{words}, in a network of the container's own", advice)
    return Check(Level.OK, "Address", words)


def check_bot_api_address(gateway: GatewaySettings) -> Check:
    """The Bot API listens where this machine's own bot reaches it, and nobody else."""
    words = f"the Bot API listens at {gateway.bot_api_host}, port {gateway.bots_port}"
    if gateway.bot_api_host in LOOPBACK:
        return Check(Level.OK, "Bot API", f"{words}: for this machine alone")
    advice = (
        "Leave EDGERAD_BOT_API_HOST out, unless bots of yours run on other machines: whoever has"
        " the token then gets every picture, and all of it crosses the network in clear."
    )
    return Check(Level.WARN, "Bot API", f"{words}: other machines reach it", advice)


def check_phones(gateway: GatewaySettings) -> Check:
    """The phones' page answers."""
    url = f"http://{near(gateway.gateway_host)}:{gateway.gateway_port}"
    try:
        answer = _get(f"{url}/health")
    except httpx.ConnectError:
        return Check(Level.WARN, "Phones", f"nothing listens at {url}", START)
    except httpx.TransportError as error:
        words = f"{url} does not answer ({type(error).__name__})"
        return Check(Level.FAULT, "Phones", words, "Restart EdgeRad: Ctrl-C, then edgerad up.")
    if not answer.is_success:
        words = f"{url} is not EdgeRad's (HTTP {answer.status_code})"
        return Check(Level.FAULT, "Phones", words, OTHER_ON_PORT)
    return Check(Level.OK, "Phones", f"the page answers at port {gateway.gateway_port}")


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


def check_gateway(bot: BotSettings, gateway: GatewaySettings, keyring: Keyring | None) -> Check:
    """What answers at the Bot API's address knows this bot, and delivers to no other.

    Args:
        keyring: The keys to the bot's token; None where they are not at hand.
    """
    url = bot_api_url(bot, gateway)
    own = is_own(url, gateway)
    place = url if own else f"{url} (EDGERAD_BOT_API_URL)"
    if gateway.bot_token is None and not Layout(gateway.home).bot_token.exists():
        return Check(Level.WARN, "Gateway", "not started yet: no bot token", START)
    token = _token(gateway, keyring)
    try:
        answer = _get(f"{url}/health" if token is None else f"{url}/bot{token}/getMe")
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
    if token is None:
        words = f"answers at {place}; whether to this bot is not known without the key"
        return Check(Level.WARN, "Gateway", words, "See docs/operating.md, The key.")
    return _check_webhook(f"{url}/bot{token}", place)


def _check_webhook(api: str, place: str) -> Check:
    """EdgeRad's bot polls: a webhook is somebody else's, and has all that phones send."""
    try:
        hook = urlsplit(_get(f"{api}/getWebhookInfo").json()["result"]["url"])
    except (httpx.TransportError, ValueError, TypeError, LookupError) as error:
        words = f"{place} does not say whether a webhook is set ({type(error).__name__})"
        return Check(Level.WARN, "Gateway", words, "Ask again: edgerad doctor")
    if hook.hostname:
        words = f"a webhook at {hook.hostname} takes what phones send, in place of EdgeRad's bot"
        return Check(Level.FAULT, "Gateway", words, f"Restart EdgeRad. {REPLACE_IT}")
    return Check(Level.OK, "Gateway", f"answers at {place}")


def check_sms(bot: BotSettings, gateway: GatewaySettings, keyring: Keyring | None) -> list[Check]:
    """What sends SMS answers; nothing where the clinic has no SMS."""
    if gateway.sms_country is None:
        return []
    token, api = _token(gateway, keyring), bot_api_url(bot, gateway)
    if token is None:
        return [Check(Level.WARN, "SMS", "not looked at without the key", START)]
    try:
        told = _get(f"{api}/bot{token}/edgeradGetSms").json()["result"]
        checks = [_sms_check(line) for line in told["lines"]]
    except (httpx.TransportError, ValueError, TypeError, LookupError):
        return [Check(Level.WARN, "SMS", "the gateway does not say how SMS go", START)]
    words = f"{told['parts']} of {told['parts_a_day']} SMS went out in 24 hours"
    spent = told["parts"] >= told["parts_a_day"]
    advice = "No more go out: raise EDGERAD_SMS_PARTS_A_DAY." if spent else ""
    return [*checks, Check(Level.FAULT if spent else Level.OK, "SMS", words, advice)]


def _sms_check(line: dict[str, Any]) -> Check:
    heard = line["heard_at"]
    since = datetime.fromtimestamp(line["since"] if heard is None else heard, UTC).astimezone()
    words = f"{line['name']}: {'not' if heard is None else 'last'} heard"
    words += f" {'since' if heard is None else 'at'} {since:%Y-%m-%d %H:%M}"
    if line["unreadable"]:
        words += f"; {line['unreadable']} SMS were no text"
    if line["fault"] is None:
        return Check(Level.OK, "SMS", words)
    return Check(
        Level.FAULT, "SMS", f"{words}; {line['fault']}", "See docs/sms.md, When a line is ill."
    )


def _token(gateway: GatewaySettings, keyring: Keyring | None) -> str | None:
    try:
        return known_token(gateway, keyring)
    except TokenDamaged:
        return None  # said where the secrets are looked at


def _get(url: str) -> httpx.Response:
    return httpx.get(url, timeout=ANSWER_S, trust_env=False)


def _is_yes(answer: httpx.Response) -> bool:
    """Whether this is a Bot API's yes; a captive portal's page comes with status 200 too."""
    try:
        return answer.json()["ok"] is True
    except (ValueError, TypeError, LookupError):
        return False
