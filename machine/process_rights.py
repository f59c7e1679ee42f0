"""What a process may do and how long it may live, limited by the Linux kernel.

Must not know what the process is for. Elsewhere than on Linux nothing is limited.
"""

import ctypes
import resource
import signal

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(None)
# looked up here: between a fork and an exec nothing may be loaded
_prctl = getattr(_libc, "prctl", None)
_unshare = getattr(_libc, "unshare", None)
if _prctl is not None:
    _prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]


def leave_network() -> bool:
    """Move this process into an empty network of its own, where the machine permits it.

    A process can do so only before it has threads, which importing numpy starts. Pipes and sockets
    that are open already stay. A container's default profile often does not permit it.

    Returns:
        Whether the process has no network now.

    Source:
        unshare(2), user_namespaces(7).
    """
    return _unshare is not None and _unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0


def refuse_inspection() -> bool:
    """Let no other program of this user look into this process, nor a dump of it be written.

    What it starts by exec can be looked into again. Root can look all the same.

    Returns:
        Whether the kernel agreed.

    Source:
        PR_SET_DUMPABLE, ptrace(2) "Ptrace access mode checking".
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return set_right(_PR_SET_DUMPABLE, 0) and set_right(_PR_GET_DUMPABLE, 0)  # it is 0 now


def refuse_new_privileges() -> bool:
    """Let no program that this process starts gain privileges. Source: PR_SET_NO_NEW_PRIVS."""
    return set_right(_PR_SET_NO_NEW_PRIVS, 1)


def end_with_parent(by: signal.Signals) -> bool:
    """Have this process sent a signal when its parent ends. Source: PR_SET_PDEATHSIG."""
    return set_right(_PR_SET_PDEATHSIG, by)


def set_right(option: int, value: int, more: int = 0) -> bool:
    """Call prctl.

    Args:
        more: A second value, where the option takes two.

    Returns:
        Whether the kernel agreed.

    Source:
        prctl(2).
    """
    return _prctl is not None and _prctl(option, value, more, 0, 0) == 0
