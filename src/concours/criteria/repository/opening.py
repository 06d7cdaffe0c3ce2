"""From a clone's folder to all that the checks look at."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from concours.clones import Limits, Objects, opened, read_commits, read_tags, short_name
from concours.criteria.forge import Forge
from concours.criteria.repository.facts import Repository
from concours.criteria.repository.imported import count_imported
from concours.criteria.repository.keys import Keys, published
from concours.criteria.repository.signatures import verified
from concours.criteria.repository.tree import read_tree


def read_repository(
    clone: Path,
    *,
    at: datetime,
    limits: Limits | None = None,
    keys: Keys | None = None,
    forge: Forge | None = None,
) -> Repository:
    """Read the clone at `clone`, bare or not; what is checked out is not looked at.

    Nothing of the clone is run and nothing is fetched; time, memory and output are bounded by
    `limits`. `at` (aware) is the moment that ages count from. Signatures of tags are verified with
    `keys`, without any with those that the repository publishes; `forge` is taken along.
    Raises CloneRefused with the mend.
    """
    limits = limits or Limits()
    with opened(clone, limits) as (references, git):
        commits = read_commits(git, references.head, limits, mailmap=True)
        committed = {commit.id: commit.committed_at for commit in commits}
        with git.stream("cat-file", "--batch") as process:
            objects = Objects(process)
            tree = read_tree(git, objects, references.head, limits)
            tags = read_tags(objects, references.tags, committed)
        keys = keys or published(tree.keys)
        ids = {short_name(name): object_id for name, object_id in references.tags.items()}
        with tempfile.TemporaryDirectory(prefix="concours-keys-") as folder:
            tags = verified(git, tags, ids, keys=keys, folder=Path(folder), at=at)
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
        keys_from=keys.origin,
        keys_digest=keys.digest,
        forge=forge,
    )
