"""How much of a project stood in its first commits already."""

from __future__ import annotations

from concours.clones import Commit, Git, Limits

MAX_ROOTS = 20


def count_imported(
    git: Git, commits: list[Commit], paths: set[bytes], limits: Limits
) -> int | None:
    """How many of `paths` stood in a commit without parents; None with more than MAX_ROOTS."""
    roots = [commit.id for commit in commits if not commit.parents]
    if len(roots) > MAX_ROOTS:
        return None
    seen: set[bytes] = set()
    for root in roots:
        for number, path in enumerate(
            git.lines("ls-tree", "-r", "-z", "--name-only", "--full-tree", root, end=b"\0")
        ):
            if number >= limits.max_files:
                return None
            if path in paths:
                seen.add(path)
    return len(seen)
