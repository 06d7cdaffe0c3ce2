"""Whether releases have semantic versions."""

from __future__ import annotations

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    number,
    percent,
    verdict,
)
from concours.criteria.checks.releases import at_tags, is_semantic, releases_of
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where `share` per cent of the releases are named as semver.org asks."""
    found = releases_of(repository)
    if not found:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said("No release is tagged.", "没有发布标签。"),
        )
    others = [tag for tag in found if not is_semantic(tag)]
    share = percent(len(found) - len(others), len(found))
    return Outcome(
        verdict=verdict(met=share >= number(parameters, "share")),
        said=Said(
            f"{share} % of {len(found)} releases have a semantic version.",
            f"{len(found)} 个发布中有 {share} % 使用语义化版本。",
        ),
        mend=Said(
            "Name releases MAJOR.MINOR.PATCH from now on.", "今后以 主.次.修订 的形式命名发布。"
        ),
        facts={"share": share, "releases": len(found)},
        places=at_tags(others[::-1]),
    )


CHECK = Check(
    name="semantic-versions",
    title=Said("Semantic versions", "语义化版本"),
    parameters={"share": 90},
    look=look,
)
