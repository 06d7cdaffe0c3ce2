"""Whether the tags of the newest releases carry a signature."""

from __future__ import annotations

from concours.criteria.checks.outcome import Check, Outcome, Parameters, Said, number, verdict
from concours.criteria.checks.releases import at_tags, releases_of
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where each of the `newest` releases has a tag with a signature block.

    The signature is not verified: whose keys count is not in a clone.
    """
    latest = releases_of(repository)[-number(parameters, "newest") :]
    without = [tag for tag in latest if not tag.signature]
    return Outcome(
        verdict=verdict(met=bool(latest) and not without),
        said=Said(
            f"{len(latest) - len(without)} of the {len(latest)} newest releases have a signed tag "
            "(keys are not verified).",
            f"最近 {len(latest)} 个发布中有 {len(latest) - len(without)} 个标签带签名"
            "（未验证密钥）。",
        ),
        mend=Said(
            "Sign tags with `git tag -s`, and publish the keys in the repository.",
            "用 `git tag -s` 签名，并在仓库中公布公钥。",
        ),
        facts={"looked_at": len(latest), "signed": len(latest) - len(without)},
        places=at_tags(without),
    )


CHECK = Check(
    name="signed-releases",
    title=Said("Signed releases", "签名发布"),
    parameters={"newest": 3},
    look=look,
)
