"""The zygote on a machine where the trial of its confinement ends at once."""

import os
import socket
import sys

from pictures import confine, zygote


def _ends(*, threads: bool) -> confine.Held:
    os._exit(1)


if __name__ == "__main__":
    confine.rehearse = _ends
    zygote.serve(socket.socket(fileno=int(sys.argv[1])))
