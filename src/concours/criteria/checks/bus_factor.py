"""The smallest number of authors who made half of the commits."""

from __future__ import annotations

from concours.criteria.checks.contributors import authors_since
from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    number,
    verdict,
)
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where at least `least` authors are needed for half of the last `days` days' commits."""
    days, least = number(parameters, "days"), number(parameters, "least")
    counts = sorted(authors_since(repository, days).values(), reverse=True)
    if not counts:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said(f"There is no commit in the last {days} days.", f"最近 {days} 天没有提交。"),
        )
    factor, sum_of = 0, 0
    while 2 * sum_of < sum(counts):
        sum_of += counts[factor]
        factor += 1
    return Outcome(
        verdict=verdict(met=factor >= least),
        said=Said(
            f"Half of the commits of the last {days} days are by {factor} of {len(counts)} "
            "authors.",
            f"最近 {days} 天的一半提交由 {len(counts)} 位作者中的 {factor} 位完成。",
        ),
        mend=Said(
            f"Share the work: at least {least} people should carry half of it.",
            f"分担工作：至少应由 {least} 人承担其中一半。",
        ),
        facts={"bus_factor": factor, "authors": len(counts)},
    )


CHECK = Check(
    name="bus-factor",
    title=Said("Bus factor", "巴士系数"),
    parameters={"days": 365, "least": 2},
    look=look,
)
