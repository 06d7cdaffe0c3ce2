"""Whether the project is worked on."""

from __future__ import annotations

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    at_commits,
    number,
    verdict,
)
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where at least `least` commits were made in the last `days` days."""
    days, least = number(parameters, "days"), number(parameters, "least")
    recent = repository.commits_since(days)
    return Outcome(
        verdict=verdict(met=len(recent) >= least),
        said=Said(
            f"{len(recent)} commits in the last {days} days.",
            f"最近 {days} 天有 {len(recent)} 次提交。",
        ),
        mend=Said(
            f"At least {least} commits in {days} days are asked for.",
            f"要求 {days} 天内至少有 {least} 次提交。",
        ),
        facts={"commits": len(recent)},
        places=at_commits([commit.id for commit in recent[:1]]),
    )


CHECK = Check(
    name="activity",
    title=Said("Activity", "活跃度"),
    parameters={"days": 90, "least": 1},
    look=look,
)
