"""Every refusal the gateway gives, as one tree: the class is the HTTP status.

The message is for people: the phone shows it as it is, the Bot API puts the status' name before it
unless Telegram answers the bare name. A docstring's first line is the default message.
"""

from typing import ClassVar


class GatewayError(Exception):
    """Something went wrong in the gateway."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal Server Error"
    bare: ClassVar[bool] = False

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").partition("\n")[0])

    @property
    def description(self) -> str:
        """The message as the Bot API words it."""
        return self.title if self.bare else f"{self.title}: {self}"


class BadRequest(GatewayError):
    """This request cannot be understood."""

    status = 400
    title = "Bad Request"


class Unauthorized(GatewayError):
    """This phone has not joined yet: open the join link again."""

    status = 401
    title = "Unauthorized"
    bare = True


class Forbidden(GatewayError):
    """This request comes from another site."""

    status = 403
    title = "Forbidden"


class NotFound(GatewayError):
    """There is nothing here."""

    status = 404
    title = "Not Found"


class MethodNotAllowed(GatewayError):
    """This can only be asked for by GET or POST."""

    status = 405
    title = "Method Not Allowed"


class Unavailable(GatewayError):
    """The assistant does not answer yet: try again in a minute. Your code is kept."""

    status = 503
    title = "Service Unavailable"


class RequestTimeout(GatewayError):
    """The connection was too slow: try again nearer to the access point."""

    status = 408
    title = "Request Timeout"


class Conflict(GatewayError):
    """Another request is in the way."""

    status = 409
    title = "Conflict"


class SignedInHere(Conflict):
    """This phone is signed in already: sign out first."""


class Gone(GatewayError):
    """This was held too long: send it again."""

    status = 410
    title = "Gone"


class TooLarge(GatewayError):
    """This is too large to be sent."""

    status = 413
    title = "Request Entity Too Large"
    bare = True


class Locked(GatewayError):
    """This chat is locked: open it with its PIN."""

    status = 423
    title = "Locked"


class TooManyRequests(GatewayError):
    """Too many attempts: wait a little and try again."""

    status = 429
    title = "Too Many Requests"

    def __init__(self, retry_after_s: int, message: str | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class DiskNearlyFull(GatewayError):
    """EdgeRad's disk is nearly full: tell the technician. What you send waits on this phone."""

    status = 507
    title = "Insufficient Storage"
