"""Whether releases are tagged."""

from __future__ import annotations

from concours.criteria.checks.outcome import Check, Outcome, Parameters, Said, number, verdict
from concours.criteria.checks.releases import at_tags, releases_of
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where at least `least` tags name a version."""
    found = releases_of(repository)
    newest = found[-1].name if found else ""
    return Outcome(
        verdict=verdict(met=len(found) >= number(parameters, "least")),
        said=Said(
            f"{len(found)} tags name a version" + (f", the newest is {newest}." if newest else "."),
            f"有 {len(found)} 个版本标签" + (f"，最新为 {newest}。" if newest else "。"),
        ),
        mend=Said(
            "Tag each release: `git tag -s v1.0.0` and push the tag.",
            "为每次发布打标签：`git tag -s v1.0.0`，并推送。",
        ),
        facts={"releases": len(found), "newest": newest},
        places=at_tags(found[::-1]),
    )


CHECK = Check(
    name="release-tags",
    title=Said("Tagged releases", "发布标签"),
    parameters={"least": 1},
    look=look,
)
