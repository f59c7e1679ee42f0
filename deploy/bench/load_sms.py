"""`edgerad bench load --sms`: the same burst without SMS and with it, one after the other.

In both, a supervisor leaves every alarm ringing; in the second, what rings goes out by SMS too.
Knows the parts only from outside.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.domain.people import Role
from deploy.bench.load import LoadReport, burst
from deploy.bench.sms_phone import SmsPhone, sms_phone
from deploy.phone_client import PhoneClient
from deploy.running.sandbox import Sandbox

NUMBER = "+22670123456"
LOOK_S = 0.1
SETTLE_S = 60.0
_RINGING = {"EDGERAD_CALL_AGAIN_URGENT_MINUTES": "0.1"}
_SMS = {
    "EDGERAD_SMS_COUNTRY": "BF",
    "EDGERAD_SMS_PHONE_PASSWORD": "a password",
    "EDGERAD_SMS_PARTS_A_DAY": "1000000",
    "EDGERAD_SMS_PARTS_A_NUMBER": "1000000",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsLoadReport:
    """What a burst came to without SMS and with it.

    Args:
        texts: How many SMS went out while the second one ran.
    """

    without: LoadReport
    with_sms: LoadReport
    texts: int


async def with_and_without_sms(*, phones: int, cases: int, photo: bytes) -> SmsLoadReport:
    """Have phones send as fast as they are served, twice."""
    without = await burst(
        phones=phones, cases=cases, photo=photo, settings=_RINGING, beside=_supervised
    )
    async with sms_phone() as line:
        settings = _RINGING | _SMS | {"EDGERAD_SMS_PHONE_URL": line.url}

        @asynccontextmanager
        async def texted(system: Sandbox) -> AsyncIterator[None]:
            async with _supervisor(system) as supervisor:
                await _proved(supervisor, line)
                yield

        with_sms = await burst(
            phones=phones, cases=cases, photo=photo, settings=settings, beside=texted
        )
        texts = sum("Reply 1" in text for text in line.sent.values())
    return SmsLoadReport(without=without, with_sms=with_sms, texts=texts)


@asynccontextmanager
async def _supervised(system: Sandbox) -> AsyncIterator[None]:
    async with _supervisor(system):
        yield


@asynccontextmanager
async def _supervisor(system: Sandbox) -> AsyncIterator[PhoneClient]:
    """A supervisor's phone, whose page shows the chat."""
    async with AsyncExitStack() as stack:
        phone = await stack.enter_async_context(PhoneClient(system.base_url))
        await phone.join(await system.invite(Role.SUPERVISOR), "Supervisor")
        await stack.enter_async_context(phone.listening())
        await phone.accept_terms()
        yield phone


async def _proved(supervisor: PhoneClient, line: SmsPhone) -> None:
    """Have the supervisor's number proved, as people do."""
    await supervisor.send(text=f"/phone {NUMBER}")
    code = await _sent(line, r"\d{6}")
    line.receives(NUMBER, code)
    await _sent(line, "HELP")


async def _sent(line: SmsPhone, pattern: str) -> str:
    """Wait for an SMS that says something; what of it was meant."""
    async with asyncio.timeout(SETTLE_S):
        while True:
            for text in line.sent.values():
                if found := re.search(pattern, text):
                    return found[0]
            await asyncio.sleep(LOOK_S)
