"""Whether a change log is kept up to the newest release."""

from __future__ import annotations

import re

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    at_files,
    verdict,
)
from concours.criteria.checks.releases import releases_of
from concours.criteria.repository import Repository

_NAMES = re.compile(
    r"(?:docs?/)?(?:changelog|changes|history|news|release[-_ ]?notes)(?:[._-][\w.-]*)?",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\d+(?:\.\d+)*(?:[-+][0-9A-Za-z.-]+)?")


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where a change log exists and names the newest tagged release."""
    paths = [path for path in sorted(repository.documents) if _NAMES.fullmatch(path)]
    mend = Said(
        "Keep a CHANGELOG.md with a heading for each release and what it changes for users.",
        "维护 CHANGELOG.md，每次发布一个标题，并写明对用户的影响。",
    )
    if not paths:
        return Outcome(
            verdict=Verdict.NOT_MET,
            said=Said("There is no change log.", "没有变更日志。"),
            mend=mend,
        )
    found = releases_of(repository)
    version = _VERSION.search(found[-1].name) if found else None
    if version is None:
        return Outcome(
            verdict=Verdict.MET,
            said=Said(f"{paths[0]} is there.", f"已有 {paths[0]}。"),
            places=at_files(paths),
        )
    named = any(version[0] in repository.documents[path].text for path in paths)
    return Outcome(
        verdict=verdict(met=named),
        said=Said(
            f"{paths[0]} {'names' if named else 'does not name'} the newest release {version[0]}.",
            f"{paths[0]} {'写有' if named else '没有写'}最新发布 {version[0]}。",
        ),
        mend=mend,
        facts={"newest": version[0]},
        places=at_files(paths),
    )


CHECK = Check(name="changelog", title=Said("Change log", "变更日志"), parameters={}, look=look)
