"""Methods by which a bot has updates delivered to it.

Source: Bot API, section "Getting updates".
"""

import ipaddress
import re
import ssl
from urllib.parse import urlsplit

from gateway.bot_api.call import Call
from gateway.bot_api.method import Fields, method
from gateway.errors import BadRequest
from gateway.schemas.objects import JsonObject
from gateway.schemas.records import Webhook

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_CERTIFICATE_MAX_BYTES = 1 << 16


@method(
    "setWebhook",
    Fields(
        takes=(
            "url secret_token certificate ip_address max_connections allowed_updates"
            " drop_pending_updates"
        ),
    ),
)
async def set_webhook(call: Call) -> bool:
    """Deliver updates to an address, `http` or `https`, one after the other; never more at once.

    Args:
        call: With `url`; an empty one takes the webhook away.

    Raises:
        BadRequest: If the address, secret or certificate cannot be one.
    """
    url = _with_scheme(call.parameters.text("url").strip())
    await _put(call, await _webhook(call, url) if url else None, call.allowed_updates())
    return True


@method("deleteWebhook", Fields(takes="drop_pending_updates"))
async def delete_webhook(call: Call) -> bool:
    """Take the webhook away; may forget the updates that wait."""
    await _put(call, None)
    return True


@method("getWebhookInfo")
async def get_webhook_info(call: Call) -> JsonObject:
    """Where updates are delivered, how many wait, and why the last delivery failed that did."""
    webhook, allowed = await call.store.webhook.get_with_allowed()
    info: JsonObject = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": bool(webhook and webhook.certificate),
        "pending_update_count": await call.store.updates.count(),
    }
    if webhook is not None:
        info["max_connections"] = webhook.max_connections
        info |= {"ip_address": webhook.ip_address} if webhook.ip_address else {}
    if webhook is not None and webhook.last_error_date is not None:
        info["last_error_date"] = webhook.last_error_date
        info["last_error_message"] = webhook.last_error_message
    return info | {"allowed_updates": list(allowed)} if allowed else info


async def _put(call: Call, webhook: Webhook | None, allowed: tuple[str, ...] | None = None) -> None:
    drop_pending = call.parameters.flag("drop_pending_updates")
    await call.store.webhook.put(webhook, allowed, drop_pending=drop_pending)
    if webhook is not None:
        call.poller.end()
    call.deliveries.change()


async def _webhook(call: Call, url: str) -> Webhook:
    secret = call.parameters.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise BadRequest("secret token contains unallowed characters")
    if not _is_address(url):
        raise BadRequest("bad webhook: invalid webhook URL specified")
    certificate = None
    if call.parameters.has_file("certificate"):
        certificate = await _certificate(call)
    return Webhook(
        url=url,
        secret_token=secret or None,
        certificate=certificate,
        ip_address=_ip_address(call.parameters.text("ip_address").strip()),
        max_connections=min(max(call.parameters.integer("max_connections", 40) or 40, 1), 100),
    )


def _ip_address(given: str) -> str | None:
    try:
        return str(ipaddress.ip_address(given)) if given else None
    except ValueError as error:
        raise BadRequest("bad webhook: invalid IP address specified") from error


async def _certificate(call: Call) -> str:
    upload = call.parameters.upload_or_id("certificate")
    if isinstance(upload, str):
        raise BadRequest("bad webhook: certificate must be uploaded as a file")
    try:
        text = (await upload.read(_CERTIFICATE_MAX_BYTES)).decode("ascii")
        ssl.create_default_context(cadata=text)
    except (ValueError, ssl.SSLError) as error:
        raise BadRequest("bad webhook: the certificate is not a PEM one") from error
    return text


def _with_scheme(url: str) -> str:
    """An address as Telegram takes it: without a scheme it is `https`."""
    return f"https://{url}" if url and "://" not in url else url


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
