"""What is said to an engine that runs containers, in words that podman and docker share."""

from __future__ import annotations

from pathlib import Path

from concours.box import bubblewrap, cgroups, rlimits, view
from concours.box.order import SCRATCH, BadOrder, Order


def common(order: Order, who: str, profile: Path) -> list[str]:
    """Options of `create`, but for files.

    who: the program's user and group. profile: a file with the allowed system calls.
    """
    limits = order.limits
    memory = str(bubblewrap.memory(order))
    words = [
        "--interactive", "--network", "none", "--hostname", "box",
        "--ipc", "private", "--cgroupns", "private", "--read-only", "--pull", "never",
        "--cap-drop", "all", "--security-opt", "no-new-privileges",
        "--security-opt", f"seccomp={profile}", "--user", who,
        "--memory", memory, "--memory-swap", memory,
        "--pids-limit", str(limits.processes + rlimits.KEEPERS),
        "--shm-size", str(bubblewrap.SHARED_BYTES), "--log-driver", "none", "--restart", "no",
        "--no-healthcheck", "--workdir", order.cwd,
        "--tmpfs", f"/tmp:rw,size={bubblewrap.TMP_BYTES},mode=1777,nosuid,nodev",  # noqa: S108
    ]  # fmt: skip
    for limit in rlimits.as_words(limits):
        words += ["--ulimit", limit]
    for key, value in {**bubblewrap.ENVIRONMENT, **order.environment}.items():
        words += ["--env", f"{key}={value}"]
    return words


def volumes(order: Order, how: str) -> list[str]:
    """Options that mount what the order mounts; `how` is what follows each path."""
    words = []
    for source, target in _shown(order):
        if any(sign in source + target for sign in ",:"):
            raise BadOrder(f"a container cannot mount {source}: there is a comma or a colon in it")
        words += ["--volume", f"{source}:{target}:{how}"]
    return words


def layers(order: Order, who: str, box: str) -> dict[str, str]:
    """What shuts a container in, in words."""
    return {
        "box": box,
        "user": f"{who} in the container",
        "processes": "namespace",
        "network": "namespace, loopback only" if order.loopback else "namespace, empty",
        "files": "the image, read-only; private /tmp, /dev and /proc",
        "scratch": f"file system in memory of {order.limits.scratch_bytes} bytes at {SCRATCH}",
        "calls": "seccomp allow-list",
        "privileges": "none, and none to be gained",
        "group": cgroups.place().told(),
        "limits": ", ".join(rlimits.as_words(order.limits)),
    }


def _shown(order: Order) -> list[tuple[str, str]]:
    """What to mount where; of a folder private to its owner the contents, links left out."""
    found = []
    for mount in order.mounts:
        source = mount.source.absolute()
        if view.is_private(source):
            inside = (one for one in sorted(source.iterdir()) if not one.is_symlink())
            found += [(str(one), f"{mount.target}/{one.name}") for one in inside]
        else:
            found.append((str(source), mount.target))
    return found
