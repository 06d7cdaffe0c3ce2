"""Whether authors sign off their commits (Developer Certificate of Origin)."""

from __future__ import annotations

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    at_commits,
    number,
    percent,
    verdict,
)
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where `share` per cent of the last `days` days' commits, merges aside, are signed off.

    A sign-off counts where its address is the author's.
    """
    days = number(parameters, "days")
    recent = [one for one in repository.commits_since(days) if len(one.parents) < 2]
    if not recent:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said(f"There is no commit in the last {days} days.", f"最近 {days} 天没有提交。"),
        )
    without = [commit.id for commit in recent if not commit.signed_off]
    share = percent(len(recent) - len(without), len(recent))
    return Outcome(
        verdict=verdict(met=share >= number(parameters, "share")),
        said=Said(
            f"{share} % of {len(recent)} commits of the last {days} days are signed off.",
            f"最近 {days} 天的 {len(recent)} 次提交中有 {share} % 带有签署（Signed-off-by）。",
        ),
        mend=Said(
            "Commit with `git commit -s`, and let the forge ask for it. Where a contributor "
            "agreement is signed instead, a person judges this row.",
            "使用 `git commit -s` 提交，并让代码平台强制检查。若改用贡献者协议，由人工判定。",
        ),
        facts={"share": share, "commits": len(recent)},
        places=at_commits(without),
    )


CHECK = Check(
    name="signed-off",
    title=Said("Signed-off commits (DCO)", "提交签署（DCO）"),
    parameters={"share": 90, "days": 365},
    look=look,
)
