"""How many people commit, and on how few of them the project hangs."""

from __future__ import annotations

import re
from collections import Counter

from concours.criteria.checks.outcome import Check, Outcome, Parameters, Said, number, verdict
from concours.criteria.repository import Repository

_ROBOTS = re.compile(r"\[bot\]|(?:^|[-_.+])bot@|dependabot|renovate|github-actions")


def authors_since(repository: Repository, days: int) -> Counter[str]:
    """Commits of the last `days` days by author's address, robots aside."""
    return Counter(
        commit.email
        for commit in repository.commits_since(days)
        if not _ROBOTS.search(commit.email) and not _ROBOTS.search(commit.author)
    )


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where at least `least` addresses made commits in the last `days` days."""
    days, least = number(parameters, "days"), number(parameters, "least")
    authors = authors_since(repository, days)
    return Outcome(
        verdict=verdict(met=len(authors) >= least),
        said=Said(
            f"{len(authors)} authors made {authors.total()} commits in the last {days} days.",
            f"最近 {days} 天有 {len(authors)} 位作者做了 {authors.total()} 次提交。",
        ),
        mend=Said(
            f"Win contributors: at least {least} are asked for. Good first issues and a "
            "contributing guide help.",
            f"吸引贡献者：要求至少 {least} 位。新手任务与贡献指南会有帮助。",
        ),
        facts={"authors": len(authors), "commits": authors.total()},
    )


CHECK = Check(
    name="contributors",
    title=Said("Contributors", "贡献者"),
    parameters={"days": 365, "least": 3},
    look=look,
)
