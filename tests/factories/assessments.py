"""Assessments of projects, made through the domain."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from concours.criteria import Verdict, load_preset
from concours.criteria.report import FORMAT, digest_of
from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.criteria import domain
from concours.platform.criteria.models import AssessedRow, Assessment
from tests.factories import register

ACTOR = System("tests")


def assessment(
    *, project: Any = None, criteria: str = "open-atom", stage: str = "graduated"
) -> Any:
    return domain.open_assessment(
        actor=ACTOR, project=project or register.project(), criteria=criteria, stage=stage
    )


def row(found: Assessment, code: str) -> AssessedRow:
    return found.rows.get(code=code)


def evidence(found: AssessedRow, *, actor: Any = ACTOR, **fields: Any) -> Any:
    given = {"name": "minutes.pdf", "dated": clock.now().date(), "content": b"%PDF-1.7"} | fields
    if "address" in fields:
        given.pop("content", None)
    return domain.add_evidence(actor=actor, row=found, **given)


def report(
    *,
    criteria: str = "open-atom",
    stage: str = "graduated",
    at: datetime | None = None,
    verdict: Verdict = Verdict.MET,
    **other: Verdict,
) -> bytes:
    """What the check would have written: every machine row with `verdict`; `other` by code with
    underscores for hyphens."""
    found = load_preset(criteria)
    by_code = {code.replace("_", "-"): one for code, one in other.items()}
    said = {"en": "Seen by a machine.", "zh": "机器所见。"}
    rows = [
        {
            "code": one.code,
            "outcome": {
                "verdict": by_code.get(one.code, verdict).value,
                "said": said,
                "mend": {"en": "Mend it.", "zh": "请改进。"},
                "places": [{"path": "src/a.py", "line": 3, "commit": ""}],
                "facts": {},
            }
            if one.check
            else None,
        }
        for one in found.for_stage(stage)
    ]
    moment = at or clock.now() - timedelta(minutes=1)
    content: dict[str, Any] = {
        "format": FORMAT,
        "at": moment.isoformat(),
        "stage": stage,
        "set": {"slug": found.slug, "version": found.version, "digest": found.digest},
        "repository": {"name": "good", "head": "ab" * 20},
        "rows": rows,
    }
    content["digest"] = digest_of(content)
    return json.dumps(content, ensure_ascii=False).encode()


def today() -> date:
    return clock.now().date()
