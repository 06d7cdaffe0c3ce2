"""Whether keys and tokens lie open in the files."""

from __future__ import annotations

from concours.criteria.checks.outcome import (
    MAX_PLACES,
    Check,
    Outcome,
    Parameters,
    Place,
    Said,
    Verdict,
)
from concours.criteria.checks.tests_present import TESTS
from concours.criteria.repository import Repository


def look(repository: Repository, parameters: Parameters) -> Outcome:
    """Met where no known form of a secret stands in the files of HEAD; older commits aside.

    Keys under tests alone may be made for them: then a machine cannot tell.
    """
    found = [(file.path, sighting) for file in repository.files for sighting in file.secrets]
    live = [pair for pair in found if not TESTS.search(pair[0])]
    if live:
        result = Verdict.NOT_MET
    elif found or not repository.complete_scan:
        result = Verdict.CANNOT_TELL
    else:
        result = Verdict.MET
    places = [Place(path=path, line=sighting.line) for path, sighting in live or found]
    kinds = ", ".join(sorted({sighting.kind for _, sighting in found}))
    return Outcome(
        verdict=result,
        said=Said(
            f"{len(found)} keys or tokens lie in the files"
            + (f" ({kinds}), {len(found) - len(live)} of them under tests." if found else "."),
            f"文件中有 {len(found)} 处密钥或令牌"
            + (f"（{kinds}），其中 {len(found) - len(live)} 处在测试中。" if found else "。"),
        ),
        mend=Said(
            "Revoke these keys first, then take them out of the files and of the history.",
            "先吊销这些密钥，再从文件与历史中移除。",
        ),
        facts={"sightings": len(found), "under_tests": len(found) - len(live)},
        places=places[:MAX_PLACES],
    )


CHECK = Check(
    name="no-secrets",
    title=Said("No secrets", "无密钥泄露"),
    parameters={},
    look=look,
)
