"""A process' way out, taken from it.

Knows Linux. Must not know what the process is for.
"""

import ctypes
import sys

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def leave_network() -> bool:
    """Go into a network of one's own that nothing is in, where the machine permits it.

    A process can do so only before it has threads, which importing numpy starts. Pipes and sockets
    that are open already stay. A container's default profile often does not permit it.

    Returns:
        Whether there is no way out now.

    Source:
        unshare(2), user_namespaces(7).
    """
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)
