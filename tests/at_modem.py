"""A modem on a pseudo-terminal, for Gammu's own daemon: it can be pulled out while it sends.

Speaks as much of AT (3GPP TS 27.005 and 27.007) as gammu-smsd 1.42 asks of a modem. What it sends
is in `sent`, as PDUs.
"""

import os
import threading
import tty
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_REFERENCE = 7
"""What it calls every SMS that it has sent, in the network's reports too."""

_ANSWERS = {
    "AT+CGMI": "EdgeRad",
    "AT+CGMM": "Stand-in",
    "AT+CGMR": "1",
    "AT+CGSN": "490154203237518",
    "AT+CIMI": "613020000000000",
    "AT+CPIN?": "+CPIN: READY",
    "AT+CREG?": "+CREG: 0,1",
    "AT+CGREG?": "+CGREG: 0,1",
    "AT+CGATT?": "+CGATT: 1",
    "AT+COPS?": '+COPS: 0,2,"61302"',
    "AT+CSQ": "+CSQ: 20,0",
    "AT+CBC": "+CBC: 0,90",
    "AT+CSCA?": '+CSCA: "+22600000",145',
    "AT+CSCS=?": '+CSCS: ("GSM","UCS2")',
    "AT+CSCS?": '+CSCS: "GSM"',
    "AT+CNMI=?": "+CNMI: (0-2),(0-3),(0-3),(0-2),(0,1)",
    "AT+CPMS=?": '+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")',
}
_UNKNOWN = ("AT+MODE", "AT+SYNCML", "AT$", "AT+CHUP")


@dataclass
class AtModem:
    """The modem.

    Args:
        device: Where it appears when it is plugged in, as /dev/ttyUSB0 does.
        is_loose: Whether it comes out of its socket as soon as it is to send something.
        reports: PDUs of delivery reports that lie in its memory.
        sent: PDUs that the network took.
    """

    device: Path
    is_loose: bool = False
    reports: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    _ends: tuple[int, int] | None = None

    def plug_in(self) -> None:
        """Let the device appear."""
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        self._ends = ours, theirs
        self.device.symlink_to(os.ttyname(theirs))
        threading.Thread(target=self._speak, args=(ours,), daemon=True).start()

    def pull_out(self) -> None:
        """Let the device vanish."""
        self.device.unlink(missing_ok=True)
        ends, self._ends = self._ends, None
        for end in ends or ():
            os.close(end)

    def report(self, number: str) -> None:
        """Let the network report that a number has what was sent to it last (SMS-STATUS-REPORT)."""
        digits = number.removeprefix("+")
        swapped = "".join(b + a for a, b in zip(digits[::2], f"{digits}F"[1::2], strict=False))
        at = "62302010000000"  # 2 March 2026, 01:00
        self.reports.append(f"0006{_REFERENCE:02X}{len(digits):02X}91{swapped}{at}{at}00")

    def _speak(self, end: int) -> None:
        """Answer what is asked, until it is pulled out."""
        heard = ""
        with suppress(OSError):
            while data := os.read(end, 4096):
                heard += data.decode("latin-1")
                heard = self._answer_all(end, heard)

    def _answer_all(self, end: int, heard: str) -> str:
        """Answer each whole line; what is left of the last one."""
        while "\r" in heard or "\x1a" in heard:
            cut = min(at for mark in "\r\x1a" if (at := heard.find(mark)) >= 0)
            asked, mark, heard = heard[:cut].strip("\n\x1b"), heard[cut], heard[cut + 1 :]
            if mark == "\x1a":
                self.sent.append(asked)
                said = f"\r\n+CMGS: {_REFERENCE}\r\n\r\nOK\r\n"
            elif asked.startswith("AT+CMGS=") and self.is_loose:
                self.pull_out()
                raise OSError
            else:
                said = f"{asked}\r\r\n{self._answer(asked)}"
            os.write(end, said.encode("latin-1"))
        return heard

    def _answer(self, asked: str) -> str:
        if asked.startswith("AT+CMGS="):
            return "> "
        if asked.startswith(_UNKNOWN):
            return "ERROR\r\n"
        if asked.startswith("AT+CPMS=") and asked not in _ANSWERS:
            many = len(self.reports) if "SM" in asked else 0
            said = f"+CPMS: {many},10,{many},10,{many},10"
        elif asked == "AT+CMGL=4":
            said = "\r\n".join(
                f"+CMGL: {at},0,,{len(pdu) // 2 - 1}\r\n{pdu}"
                for at, pdu in enumerate(self.reports, 1)
            )
        elif asked.startswith("AT+CMGR=") and self.reports:
            pdu = self.reports[0]
            said = f"+CMGR: 0,,{len(pdu) // 2 - 1}\r\n{pdu}"
        elif asked.startswith("AT+CMGD="):
            self.reports.clear()
            said = ""
        else:
            said = _ANSWERS.get(asked, "")
        return f"{said}\r\n\r\nOK\r\n" if said else "OK\r\n"
