"""Whether there are tests beside the code."""

from __future__ import annotations

import re

from concours.criteria.checks.outcome import (
    Check,
    Outcome,
    Parameters,
    Said,
    Verdict,
    at_files,
    number,
    percent,
    verdict,
)
from concours.criteria.repository import Repository

TESTS = re.compile(
    r"(?:^|/)(?:tests?|testing|spec|specs|__tests__|unittest|ohosTest)/"
    r"|(?:^|/)test_[^/]+$|[._-](?:test|tests|spec)\.[a-z]+$|(?:^|/)[^/]*Tests?\.[a-z]+$",
)


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where `share` per cent of the source files are tests; how good they are is not seen."""
    sources = [file.path for file in repository.files if file.language]
    if not sources:
        return Outcome(
            verdict=Verdict.CANNOT_TELL,
            said=Said("No source file was recognised.", "没有识别到源代码文件。"),
        )
    found = [path for path in sources if TESTS.search(path)]
    share = percent(len(found), len(sources))
    return Outcome(
        verdict=verdict(met=bool(found) and share >= number(parameters, "share")),
        said=Said(
            f"{len(found)} of {len(sources)} source files are tests.",
            f"{len(sources)} 个源文件中有 {len(found)} 个是测试。",
        ),
        mend=Said(
            "Add tests in a folder tests/, and run them on each change.",
            "在 tests/ 中加入测试，并在每次变更时运行。",
        ),
        facts={"tests": len(found), "sources": len(sources)},
        places=at_files(found),
    )


CHECK = Check(name="tests-present", title=Said("Tests", "测试"), parameters={"share": 5}, look=look)
