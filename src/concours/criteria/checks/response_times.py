"""How soon issues and pull requests are answered, from a forge's data."""

from __future__ import annotations

from concours.criteria.checks.outcome import (
    MAX_PLACES,
    Check,
    Outcome,
    Parameters,
    Place,
    Said,
    Verdict,
    number,
    percent,
    verdict,
)
from concours.criteria.forge import Asked
from concours.criteria.repository import Repository

DAY = 86_400
HOUR = 3_600
NO_DATA = Said(
    "When issues and pull requests were answered is the forge's to know and not in a clone.",
    "问题与合并请求何时得到答复由代码托管平台掌握，不在克隆中。",
)
GIVE_DATA = Said(
    "Export them as the forge's API gives them, and name the file with --forge.",
    "按平台 API 的格式导出，并用 --forge 指定文件。",
)


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where `share` per cent of what was asked was answered within `within` days.

    Looked at is what was asked from `from_days` to `to_days` days ago. Answered is by somebody
    else than the author. What nobody answered counts as slower than all else in the median.
    """
    if repository.forge is None:
        return Outcome(verdict=Verdict.CANNOT_TELL, said=NO_DATA, mend=GIVE_DATA)
    end = int(repository.at.timestamp())
    first, last = (end - number(parameters, key) * DAY for key in ("from_days", "to_days"))
    asked = [one for one in repository.forge.asked if first <= one.at <= last]
    waits = sorted(wait for one in asked if (wait := _wait(one, end)) is not None)
    in_time = sum(wait <= number(parameters, "within") * DAY for wait in waits)
    if not asked:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said("Nothing was asked in that time.", "此期间没有提出问题或合并请求。"),
            facts=_facts(repository, asked=0, answered=0, in_time=0, median=""),
        )
    middle = (len(asked) - 1) // 2
    median = round(waits[middle] / HOUR) if middle < len(waits) else None
    share = percent(in_time, len(asked))
    return Outcome(
        verdict=verdict(met=share >= number(parameters, "share")),
        said=_said(share, len(asked), median, number(parameters, "within")),
        mend=Said(
            "Answer each issue and pull request soon, if only to say when there will be time.",
            "尽快答复每个问题与合并请求，哪怕只说明何时处理。",
        ),
        facts=_facts(
            repository,
            asked=len(asked),
            answered=len(waits),
            in_time=in_time,
            median="" if median is None else median,
        ),
        places=tuple(
            Place(path=f"{one.kind} {one.number}") for one in asked if _wait(one, end) is None
        )[:MAX_PLACES],
    )


def _wait(one: Asked, end: int) -> int | None:
    """Seconds to the first answer before the moment looked at; None without any."""
    return next((at - one.at for at in one.answers if at <= end), None)


def _said(share: int, asked: int, median: int | None, within: int) -> Said:
    if median is None:
        middle = Said("most wait still", "多数尚未得到答复")
    else:
        middle = Said(f"the median is {median} hours", f"中位数为 {median} 小时")
    return Said(
        f"{share} % of {asked} issues and pull requests were answered within {within} days; "
        f"{middle.en}.",
        f"{asked} 个问题与合并请求中有 {share}% 在 {within} 天内得到答复；{middle.zh}。",
    )


def _facts(
    repository: Repository, *, asked: int, answered: int, in_time: int, median: int | str
) -> dict[str, int | str]:
    forge = repository.forge
    return {
        "asked": asked,
        "answered": answered,
        "in_time": in_time,
        "median_hours": median,
        "unread": len(forge.unread) if forge else 0,
        "forge_digest": forge.digest if forge else "",
    }


CHECK = Check(
    name="response-times",
    title=Said("Time to a first answer", "首次答复时间"),
    parameters={"from_days": 365, "to_days": 14, "within": 14, "share": 80},
    look=look,
)
