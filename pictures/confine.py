"""What the picture processes may still do, taken away as far as the machine permits.

Knows Linux. Must not know pictures.

| taken from    | what                                     | by                            |
|---------------|------------------------------------------|-------------------------------|
| zygote, child | gaining privileges by exec               | PR_SET_NO_NEW_PRIVS           |
| zygote, child | network, capabilities over the machine   | new user, network namespace * |
| child         | outliving the zygote                     | PR_SET_PDEATHSIG              |
| child         | memory, processor time                   | RLIMIT_AS, RLIMIT_CPU         |
| child         | opening any file or socket               | RLIMIT_NOFILE = 0             |
| child         | writing files, core dumps, new processes | RLIMIT_FSIZE, CORE, NPROC = 0 |

* Where the machine permits it: a container's default profile often does not.

This is damage control, not a sandbox: there is no system call filter.
"""

import math
import os
import resource
import signal
from pathlib import Path

from machine.process_rights import end_with_parent, leave_network, refuse_new_privileges
from pictures import limits


def confine_zygote() -> None:
    """Take away what no decoder needs; what the machine does not permit is left as it is."""
    refuse_new_privileges()
    leave_network()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)  # native decoders write what they found in a file to stderr
    os.close(null)


def confine_child() -> None:
    """Leave a disposable child nothing but processor time, memory and the socket it has."""
    end_with_parent(signal.SIGKILL)
    cpu_s = math.ceil(limits.DEADLINE_S) + 1
    for which, limit in (
        (resource.RLIMIT_AS, _address_space_bytes() + limits.MEMORY_BYTES),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(which, (limit, limit))


def _address_space_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
