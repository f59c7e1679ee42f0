"""Where updates are delivered, and what became of the last delivery."""

from gateway.schemas.records import Webhook
from gateway.store.database import Database, Transaction


class WebhookStore:
    """The one webhook.

    Args:
        database: Open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self) -> Webhook | None:
        """The webhook, None while the bot polls."""
        return await self._database.read(_get)

    async def put(self, webhook: Webhook | None) -> None:
        """Set the webhook, with no error yet, or take it away."""
        await self._database.write(lambda tx: _put(tx, webhook))

    async def fail(self, message: str) -> None:
        """Keep why a delivery failed now."""
        await self._database.write(lambda tx: _fail(tx, message))


def _get(tx: Transaction) -> Webhook | None:
    row = tx.one(
        "SELECT url, secret_token, certificate, ip_address, max_connections,"
        " last_error_date, last_error_message FROM webhook"
    )
    return None if row is None else Webhook(**dict(row))


def _put(tx: Transaction, webhook: Webhook | None) -> None:
    tx.run("DELETE FROM webhook")
    if webhook is not None:
        tx.run(
            "INSERT INTO webhook (one, url, secret_token, certificate, ip_address, max_connections)"
            " VALUES (1, :url, :secret_token, :certificate, :ip_address, :max_connections)",
            url=webhook.url,
            secret_token=webhook.secret_token,
            certificate=webhook.certificate,
            ip_address=webhook.ip_address,
            max_connections=webhook.max_connections,
        )


def _fail(tx: Transaction, message: str) -> None:
    tx.run(
        "UPDATE webhook SET last_error_date = :now, last_error_message = :message",
        now=tx.now,
        message=message,
    )
