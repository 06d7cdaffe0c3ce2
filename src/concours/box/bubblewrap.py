"""The command line of bwrap for an order. See bwrap(1).

Run by root, the program gets a user of its own that owns nothing (`setpriv` changes to it, as the
last thing that has any right); run by anybody else, a user namespace in which it is nobody.
"""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass, field

from concours.box import seccomp, view
from concours.box.order import SCRATCH, BadOrder, BoxFault, Order

NOBODY = 65534
FIRST_USER, USERS = 0x70000000, 0x0FFFFFFF
"""Users that no machine hands out: above those of containers, below the largest."""
TMP_BYTES = 64 * 2**20
SHARED_BYTES = 64 * 2**20
OTHER_BYTES = TMP_BYTES + SHARED_BYTES
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "HOME": SCRATCH,
    "TMPDIR": "/tmp",  # noqa: S108
}
NAMESPACES = (
    "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Wrapped:
    """A command line, with what it reads and tells.

    Attributes:
        marker: a folder in the box's root that is there once the box is complete.
        handles: descriptors to be kept for bwrap and closed here afterwards.
        release: written to, it lets the program begin. told: bwrap tells here how it goes on.
    """

    command: list[str]
    marker: str
    handles: list[int]
    release: int
    told: int
    user: str
    layers: dict[str, str] = field(default_factory=dict)


def wrap(order: Order, *, scratch: str = SCRATCH) -> Wrapped:
    """Prepare a run. Raises BoxFault, and BadOrder for mounts that are not there."""
    program = shutil.which("bwrap")
    if program is None:
        raise BoxFault("bwrap is not installed")
    check_mounts(order)
    filters = seccomp.filters(loopback=order.loopback)
    marker = f"/.box-{secrets.token_hex(8)}"
    handles: list[int] = []
    release_end, release = os.pipe()
    told, told_end = os.pipe()
    handles += [release_end, told_end]
    user, rights, inner = _user()
    command = [
        program, *NAMESPACES, *rights, "--die-with-parent", "--new-session",
        "--hostname", "box", "--cap-drop", "ALL", "--clearenv",
        "--block-fd", str(release_end), "--json-status-fd", str(told_end),
    ]  # fmt: skip
    for code in filters:
        handles.append(_data(code))
        command += ["--add-seccomp-fd", str(handles[-1])]
    if inner:
        for right in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
            command += ["--cap-add", right]
    parts = [*view.system(), *_etc(user, handles, loopback=order.loopback)]
    parts += [*_folders(order, scratch), *view.interpreter()]
    for one in order.mounts:
        parts += view.mounted(one.source.absolute(), one.target)
    for part in view.with_parents(parts):
        command += part
    for name, value in {**ENVIRONMENT, **order.environment}.items():
        command += ["--setenv", name, value]
    command += ["--dir", marker, "--remount-ro", "/", "--chdir", order.cwd, "--"]
    return Wrapped(
        command=[*command, *inner, *order.argv],
        marker=marker,
        handles=handles,
        release=release,
        told=told,
        user=user,
        layers=_layers(order, user),
    )


def check_mounts(order: Order) -> None:
    """Raises BadOrder for what is not there, and for links: a stranger's would lead anywhere."""
    for mount in order.mounts:
        if mount.source.is_symlink():
            raise BadOrder(f"nothing is mounted from {mount.source}: it is a link")
        if not mount.source.exists():
            raise BadOrder(f"nothing is mounted from {mount.source}: it is not there")
        if not mount.target.startswith("/") or ".." in mount.target.split("/"):
            raise BadOrder(f"nothing is mounted at {mount.target!r}: write a whole path")


def memory(order: Order) -> int:
    """Bytes that a box may fill in all: files in memory are counted with it."""
    return order.limits.memory + order.limits.scratch_bytes + OTHER_BYTES


def own_user() -> int:
    """A user that nobody else is: it owns nothing, and shares no limit with another box."""
    return FIRST_USER + secrets.randbelow(USERS)


def _user() -> tuple[str, list[str], list[str]]:
    """The user in the box, what bwrap is told for it, and what changes to it."""
    setpriv = shutil.which("setpriv", path="/usr/bin:/bin")
    if os.geteuid() != 0 or setpriv is None:
        number = str(NOBODY)
        return number, ["--unshare-user", "--uid", number, "--gid", number], []
    number = str(own_user())
    change = [
        setpriv, "--reuid", number, "--regid", number, "--clear-groups", "--no-new-privs",
        "--inh-caps", "-all", "--ambient-caps", "-all", "--bounding-set", "-all", "--",
    ]  # fmt: skip
    return number, [], change


def _etc(user: str, handles: list[int], *, loopback: bool) -> list[view.Words]:
    """Who there is: root, and the program's own user."""
    texts = {
        "passwd": f"root:x:0:0::/:/bin/false\nnobody:x:{user}:{user}::{SCRATCH}:/bin/sh\n",
        "group": f"root:x:0:\nnogroup:x:{user}:\n",
    }
    if loopback:
        texts["hosts"] = "127.0.0.1 localhost box\n"
    made: list[view.Words] = []
    for name, text in texts.items():
        handles.append(_data(text.encode()))
        made.append(("--perms", "0444", "--ro-bind-data", str(handles[-1]), f"/etc/{name}"))
    return made


def _folders(order: Order, scratch: str) -> list[view.Words]:
    """What is private to the box."""
    limits = order.limits
    return [
        ("--proc", "/proc"),
        *view.hidden(),
        ("--dev", "/dev"),
        ("--size", str(SHARED_BYTES), "--perms", "1777", "--tmpfs", "/dev/shm"),  # noqa: S108
        ("--remount-ro", "/dev"),
        ("--size", str(TMP_BYTES), "--perms", "1777", "--tmpfs", "/tmp"),  # noqa: S108
        ("--size", str(limits.scratch_bytes), "--perms", "0777", "--tmpfs", scratch),
    ]


def _layers(order: Order, user: str) -> dict[str, str]:
    network = "namespace, loopback only" if order.loopback else "namespace, empty"
    return {
        "box": "bubblewrap",
        "user": "namespace, nobody" if user == str(NOBODY) else f"a user of its own, {user}",
        "processes": "namespace",
        "network": network,
        "files": "read-only root, private /tmp, /dev and /proc",
        "scratch": f"file system in memory of {order.limits.scratch_bytes} bytes",
        "calls": "seccomp allow-list",
        "privileges": "none, and none to be gained",
    }


def _data(content: bytes) -> int:
    """A descriptor from which this is read."""
    handle = os.memfd_create("box")
    os.write(handle, content)
    os.lseek(handle, 0, os.SEEK_SET)
    return handle
