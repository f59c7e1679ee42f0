"""Where updates are delivered, and what became of the last delivery."""

from collections.abc import Sequence

from gateway.schemas.records import Webhook
from gateway.store import updates
from gateway.store.transactions import DatabaseStore, reading, writing
from storage.database import Transaction


class WebhookStore(DatabaseStore):
    """The one webhook."""

    @reading
    def get(self, tx: Transaction) -> Webhook | None:
        """The webhook; None while the bot polls."""
        return _find(tx)

    @reading
    def get_with_allowed(self, tx: Transaction) -> tuple[Webhook | None, tuple[str, ...]]:
        """The webhook, and the kinds of update that the bot wants, empty for the default ones."""
        return _find(tx), updates.allowed(tx)

    @writing
    def put(
        self,
        tx: Transaction,
        webhook: Webhook | None,
        allowed: Sequence[str] | None = None,
        *,
        drop_pending: bool = False,
    ) -> None:
        """Set the webhook, with no error yet, or remove it.

        Args:
            allowed: The kinds of update that the bot wants from now on; None for those so far.
            drop_pending: Whether to forget the updates that wait.
        """
        if allowed is not None:
            updates.allow(tx, allowed)
        if drop_pending:
            updates.confirm(tx, None)
        tx.run("DELETE FROM webhook")
        if webhook is not None:
            tx.run(
                "INSERT INTO webhook"
                " (one, url, secret_token, certificate, ip_address, max_connections)"
                " VALUES (1, :url, :secret_token, :certificate, :ip_address, :max_connections)",
                url=webhook.url,
                secret_token=webhook.secret_token,
                certificate=webhook.certificate,
                ip_address=webhook.ip_address,
                max_connections=webhook.max_connections,
            )

    @writing
    def fail(self, tx: Transaction, message: str) -> None:
        """Note why a delivery failed now."""
        tx.run(
            "UPDATE webhook SET last_error_date = :now, last_error_message = :message",
            now=tx.now,
            message=message,
        )


def _find(tx: Transaction) -> Webhook | None:
    row = tx.one(
        "SELECT url, secret_token, certificate, ip_address, max_connections,"
        " last_error_date, last_error_message FROM webhook"
    )
    return None if row is None else Webhook(**dict(row))
