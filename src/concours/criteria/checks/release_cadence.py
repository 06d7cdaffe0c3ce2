"""Whether releases come regularly."""

from __future__ import annotations

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    number,
    verdict,
)
from concours.criteria.checks.releases import at_tags, releases_of
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where at least `least` releases were made in the last `days` days."""
    days, least = number(parameters, "days"), number(parameters, "least")
    found = releases_of(repository)
    if any(tag.made_at is None for tag in found):
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said(
                "Some tags name commits outside the branch: their dates are not known.",
                "部分标签指向分支以外的提交，日期未知。",
            ),
            places=at_tags([tag for tag in found if tag.made_at is None]),
        )
    end = int(repository.at.timestamp())
    recent = [tag for tag in found if end - days * 86_400 <= (tag.made_at or 0) <= end]
    return Outcome(
        verdict=verdict(met=len(recent) >= least),
        said=Said(
            f"{len(recent)} releases in the last {days} days.",
            f"最近 {days} 天有 {len(recent)} 次发布。",
        ),
        mend=Said(
            f"Release at least {least} times in {days} days.",
            f"在 {days} 天内至少发布 {least} 次。",
        ),
        facts={"releases": len(recent), "days": days},
        places=at_tags(recent[::-1]),
    )


CHECK = Check(
    name="release-cadence",
    title=Said("Regular releases", "定期发布"),
    parameters={"days": 365, "least": 2},
    look=look,
)
