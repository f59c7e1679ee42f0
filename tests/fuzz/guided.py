"""One target under atheris: libFuzzer makes the bytes, guided by the code that they reached.

Run as `python -m tests.fuzz.guided TARGET CORPUS [libFuzzer's options]`; a finding ends it.
"""

import logging
import sys

import atheris

with atheris.instrument_imports(
    include=["bot", "gateway", "inference", "storage", "python_multipart", "starlette", "pydicom"]
):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz until libFuzzer's options say to stop."""
    logging.disable()  # a parser's remarks on bad input, by the thousand
    target = TARGETS[sys.argv[1]]
    options = [*sys.argv[2:], f"-max_len={target.max_bytes}"]
    atheris.Setup([sys.argv[0], *options], target.feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
