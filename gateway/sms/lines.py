"""The lines that the clinic's settings name, the best first, and the rules that hold for them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from gateway.schemas.sms import SmsRules
from gateway.settings import GatewaySettings
from gateway.sms.android import AndroidPhone
from gateway.sms.driver import Driver
from gateway.sms.gammu import GammuModem


def rules_of(settings: GatewaySettings) -> SmsRules | None:
    """What holds for SMS; None where the clinic has none."""
    if settings.sms_country is None:
        return None
    return SmsRules(
        country=settings.sms_country,
        parts_a_day=settings.sms_parts_a_day,
        parts_a_number=settings.sms_parts_a_number,
    )


@asynccontextmanager
async def lines_of(
    settings: GatewaySettings, clock: Callable[[], float]
) -> AsyncIterator[Sequence[Driver]]:
    """The lines, while the block runs.

    Args:
        clock: Unix seconds.
    """
    drivers: list[Driver] = []
    phone = None
    if settings.sms_phone_url is not None and settings.sms_phone_password is not None:
        password = settings.sms_phone_password.get_secret_value()
        phone = AndroidPhone(settings.sms_phone_url, settings.sms_phone_user, password, clock)
        drivers.append(phone)
    if settings.sms_gammu_config is not None:
        drivers.append(GammuModem(settings.sms_gammu_config))
    try:
        yield drivers
    finally:
        if phone is not None:
            await phone.close()
