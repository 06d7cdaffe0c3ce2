"""From a clone's folder to all that the checks look at."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from concours.clones import Limits, Objects, opened, read_commits, read_tags
from concours.criteria.repository.facts import Repository
from concours.criteria.repository.imported import count_imported
from concours.criteria.repository.tree import read_tree


def read_repository(clone: Path, *, at: datetime, limits: Limits | None = None) -> Repository:
    """Read the clone at `clone`, bare or not; what is checked out is not looked at.

    Nothing of the clone is run and nothing is fetched; time, memory and output are bounded by
    `limits`. `at` (aware) is the moment that ages count from.
    Raises CloneRefused with the mend.
    """
    limits = limits or Limits()
    with opened(clone, limits) as (references, git):
        commits = read_commits(git, references.head, limits)
        committed = {commit.id: commit.committed_at for commit in commits}
        with git.stream("cat-file", "--batch") as process:
            objects = Objects(process)
            tree = read_tree(git, objects, references.head, limits)
            tags = read_tags(objects, references.tags, committed)
        imported = count_imported(git, commits, tree.paths, limits)
    return Repository(
        head=references.head,
        branch=references.branch,
        at=at,
        commits=commits,
        tags=tags,
        files=tree.files,
        documents=tree.documents,
        links=tree.links,
        submodules=tree.submodules,
        imported=imported,
        complete_scan=tree.complete,
    )
