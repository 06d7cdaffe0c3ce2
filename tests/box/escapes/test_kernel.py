"""Tries to reach parts of the kernel that no entry needs.

Where a call would do harm it is made with arguments that the kernel refuses: outside the box the
kernel is reached and says so, inside the filter answers first.
"""

from __future__ import annotations

import json
import os

import pyseccomp
import pytest

from tests.boxes import needs_box

from .trying import inside, outside

pytestmark = needs_box

CALLS: dict[str, tuple[int, ...]] = {
    "acct": (1,),
    "add_key": (1, 1, 0, 0, 0),
    "adjtimex": (0,),
    "bpf": (9999, 0, 0),
    "chroot": (1,),
    "clock_settime": (0, 0),
    "delete_module": (1, 0),
    "finit_module": (-1, 0, 0),
    "fsmount": (-1, 0, 0),
    "fsopen": (1, 0),
    "init_module": (0, 0, 0),
    "io_uring_setup": (0, 0),
    "kcmp": (0, 0, 99, 0, 0),
    "kexec_load": (0, 99, 0, 0xFFFF),
    "keyctl": (0, -3, 1),
    "mount": (1, 1, 1, 0, 0),
    "mount_setattr": (-1, 1, 0, 0, 0),
    "move_mount": (-1, 1, -1, 1, 0),
    "name_to_handle_at": (-1, 1, 0, 0, 0),
    "open_by_handle_at": (-1, 0, 0),
    "open_tree": (-1, 1, 0),
    "perf_event_open": (0, 0, -1, -1, 0),
    "personality": (0x0400000,),
    "pidfd_getfd": (-1, 0, 0),
    "pivot_root": (1, 1),
    "process_vm_readv": (0, 0, 0, 0, 0, 9),
    "process_vm_writev": (0, 0, 0, 0, 0, 9),
    "ptrace": (99, 0, 0, 0),
    "quotactl": (0, 0, 0, 0),
    "reboot": (0, 0, 0, 0),
    "request_key": (1, 1, 0, 0),
    "setdomainname": (1, 1 << 20),
    "sethostname": (1, 1 << 20),
    "setns": (-1, 0),
    "settimeofday": (1, 0),
    "swapoff": (1,),
    "swapon": (1, 0),
    "syslog": (10, 0, 0),
    "umount2": (1, 0),
    "unshare": (0x10000000,),
    "userfaultfd": (0,),
}
"""Name and arguments; 1 stands for an address that nobody has, -1 for no descriptor."""
UNKNOWN = {"io_uring_setup", "personality"}
"""Those of which the box says that there are none."""
BY_DESIGN = {
    "personality": "GOT",
    "keyctl": "GOT",
    "syslog": "GOT",
    "unshare": "GOT",
    "adjtimex": "EFAULT",
    "reboot": "EINVAL",
    "swapon": "EFAULT",
    "mount": "EFAULT",
    "setns": "EBADF",
    "sethostname": "EINVAL",
    "add_key": "EFAULT",
    "ptrace": "ESRCH",
    "chroot": "EFAULT",
    "open_by_handle_at": "EFAULT",
}
"""What root is told outside, on any kernel of the last years."""


def _program() -> str:
    numbers = {name: pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in CALLS}
    table = {name: (numbers[name], *arguments) for name, arguments in CALLS.items()}
    return f"""
import json
told = {{}}
for name, words in json.loads({json.dumps(json.dumps(table))}).items():
    try:
        call(*words)
        told[name] = "GOT"
    except OSError as error:
        told[name] = errno.errorcode.get(error.errno, str(error.errno))
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def in_the_box() -> dict[str, str]:
    told: dict[str, str] = json.loads(inside(_program()))
    return told


@pytest.fixture(scope="module")
def on_the_machine() -> dict[str, str]:
    told: dict[str, str] = json.loads(outside(_program()))
    return told


@pytest.mark.parametrize("name", CALLS)
def test_calls_that_reach_deep(name: str, in_the_box: dict[str, str]) -> None:
    assert in_the_box[name] == ("ENOSYS" if name in UNKNOWN else "EPERM")


@pytest.mark.skipif(os.geteuid() != 0, reason="the kernel refuses most of them to users anyway")
@pytest.mark.parametrize("name", BY_DESIGN)
def test_outside_the_same_calls_reach_the_kernel(name: str, on_the_machine: dict[str, str]) -> None:
    assert on_the_machine[name] == BY_DESIGN[name]


CLONE = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
NEW_USER, NEW_NET, NEW_NS, SIGCHLD = 0x10000000, 0x40000000, 0x20000, 17


@pytest.mark.parametrize("flags", [NEW_USER, NEW_NET, NEW_NS, NEW_USER | NEW_NS])
def test_a_child_in_namespaces_of_its_own(flags: int) -> None:
    code = f"""
    def child():
        if (made := call({CLONE}, {flags} | {SIGCHLD}, 0, 0, 0, 0)) == 0:
            os._exit(0)
        os.waitpid(made, 0)
    attempt(child)
    """

    if os.geteuid() == 0:
        assert outside(code) == "GOT None"
    assert inside(code) == "ENOSYS"


def test_a_child_by_the_call_whose_flags_no_filter_sees() -> None:
    code = "attempt(lambda: call(435, 0, 0))"

    assert outside(code) == "EINVAL"
    assert inside(code) == "ENOSYS"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="other ways in are x86's")
def test_the_other_ways_into_the_kernel() -> None:
    # mmap, write and run: getpid by int 0x80, and by the numbers of x32.
    code = """
    import mmap, signal
    def enter(machine_code):
        page = mmap.mmap(-1, 4096, prot=7)
        page.write(machine_code)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        child = os.fork()
        if child == 0:
            os._exit(ctypes.CFUNCTYPE(ctypes.c_int)(address)() > 0)
        status = os.waitpid(child, 0)[1]
        print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else "GOT")
    enter(bytes.fromhex("b814000000cd80c3"))
    enter(bytes.fromhex("b8270000400f05c3"))
    """

    control = outside(code).splitlines()
    told = inside(code).splitlines()

    assert "GOT" in control
    assert told == ["31", "31"]


def test_typing_into_a_terminal() -> None:
    tries = [0x5412, (1 << 32) | 0x5412, 0x541C, (7 << 40) | 0x541C]
    code = f"""
    import pty
    number = {{"x86_64": 16, "aarch64": 29}}[os.uname().machine]
    ours, theirs = pty.openpty()
    if os.getpid() == os.getsid(0) and os.fork():
        os._exit(os.wait()[1])
    os.setsid()
    import fcntl
    attempt(lambda: fcntl.ioctl(theirs, 0x540E, 0))
    letter = ctypes.create_string_buffer(b"x")
    for request in {tries}:
        attempt(lambda: call(number, theirs, request, ctypes.addressof(letter)))
    """

    told = inside(code).splitlines()

    assert told[0] == "GOT 0"
    assert told[1:] == ["EPERM"] * 4
    control = outside(code, start_new_session=True).splitlines()
    assert control[0] == "GOT 0"
    if os.geteuid() == 0:
        assert control[1] in {"GOT 0", "EIO"}
