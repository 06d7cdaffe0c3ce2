"""Whether commits name their authors in a way that others can write to."""

from __future__ import annotations

import re

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    at_commits,
    number,
    percent,
    verdict,
)
from concours.criteria.repository import Commit, Repository

_EMAIL = re.compile(r"[^@\s<>]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_LOCAL = re.compile(r"@(?:.*\.)?(?:local|localdomain|lan|internal|invalid|example|localhost)$")


def is_identity(commit: Commit) -> bool:
    """Whether the author has a name and an address of the public net."""
    return bool(
        commit.author.strip() and _EMAIL.fullmatch(commit.email) and not _LOCAL.search(commit.email)
    )


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where `share` per cent of the commits name an author with a public address."""
    nameless = [commit.id for commit in repository.commits if not is_identity(commit)]
    whole = len(repository.commits)
    share = percent(whole - len(nameless), whole)
    return Outcome(
        verdict=verdict(met=share >= number(parameters, "share")),
        said=Said(
            f"{share} % of {whole} commits name an author with a public address.",
            f"{whole} 次提交中有 {share} % 写明了作者与公开邮箱。",
        ),
        mend=Said(
            "Ask committers to set user.name and user.email; name old authors in .mailmap.",
            "请提交者设置 user.name 与 user.email；旧作者写入 .mailmap。",
        ),
        facts={"share": share, "commits": whole, "nameless": len(nameless)},
        places=at_commits(nameless),
    )


CHECK = Check(
    name="author-identities",
    title=Said("Author identities", "作者身份"),
    parameters={"share": 98},
    look=look,
)
