"""A report as JSON that names its own digest, and read back strictly."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from concours.criteria.checks import Outcome, Verdict
from concours.criteria.checks.outcome import MAX_PLACES
from concours.criteria.errors import BadReport
from concours.criteria.running import Report, RowResult

FORMAT = "concours-criteria-report/1"
MAX_BYTES = 4 * 2**20
MAX_ROWS = 500


@dataclass(frozen=True, kw_only=True)
class StoredRow:
    """What a machine said of one row; sentences in English and Chinese."""

    code: str
    verdict: Verdict
    said: str
    said_zh: str
    mend: str
    mend_zh: str
    places: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class StoredReport:
    """A report as it was read; `digest` is that of its content, recomputed."""

    digest: str
    criteria: str
    version: str
    criteria_digest: str
    stage: str
    repository: str
    head: str
    at: datetime
    rows: tuple[StoredRow, ...]


def to_json(report: Report) -> str:
    """The report as JSON: equal inputs give equal bytes. Its digest is over all other keys."""
    content = _content(report)
    content["digest"] = digest_of(content)
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of all keys but `digest`, in hex."""
    kept = {key: value for key, value in content.items() if key != "digest"}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_report(raw: bytes) -> StoredReport:
    """A report that `to_json` made. Raises BadReport for any other, and for a changed one."""
    if len(raw) > MAX_BYTES:
        raise BadReport(f"The report has more than {MAX_BYTES} bytes.")
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadReport("This is no JSON; give the file that `--json` wrote.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise BadReport(f"This is no report of the format {FORMAT}.")
    if content.get("digest") != digest_of(content):
        raise BadReport("The report was changed after it was made; make it again.")
    try:
        return _stored(content)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise BadReport("Parts of the report are missing; make it again.") from None


def _stored(content: dict[str, Any]) -> StoredReport:
    at = datetime.fromisoformat(content["at"])
    judged = [row for row in content["rows"] if row["outcome"] is not None]
    rows = tuple(_stored_row(row) for row in judged)
    if at.tzinfo is None or not 1970 <= at.year <= 9998:
        raise ValueError("no time zone, or no time of git's")
    if len(rows) > MAX_ROWS or len({row.code for row in rows}) < len(rows):
        raise ValueError("too many rows, or a row is there twice")
    return StoredReport(
        digest=content["digest"],
        criteria=_text(content["set"]["slug"]),
        version=_text(content["set"]["version"]),
        criteria_digest=_text(content["set"]["digest"]),
        stage=_text(content["stage"]),
        repository=_text(content["repository"]["name"]),
        head=_text(content["repository"]["head"]),
        at=at,
        rows=rows,
    )


def _stored_row(row: dict[str, Any]) -> StoredRow:
    outcome = row["outcome"]
    said, mend = outcome["said"], outcome["mend"]
    return StoredRow(
        code=_text(row["code"]),
        verdict=Verdict(outcome["verdict"]),
        said=_text(said["en"]),
        said_zh=_text(said["zh"]),
        mend=_text(mend["en"]),
        mend_zh=_text(mend["zh"]),
        places=tuple(
            {"path": _text(one["path"]), "line": int(one["line"]), "commit": _text(one["commit"])}
            for one in outcome["places"][:MAX_PLACES]
        ),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 5_000 or "\0" in value:
        raise ValueError("a short text is expected")
    value.encode()  # half a character is a ValueError: no database keeps it
    return value


def _content(report: Report) -> dict[str, Any]:
    repository = report.repository
    return {
        "format": FORMAT,
        "made_by": f"concours {_installed()}".strip(),
        "at": repository.at.isoformat(),
        "stage": report.stage,
        "set": {
            "slug": report.criteria.slug,
            "version": report.criteria.version,
            "digest": report.criteria.digest,
        },
        "repository": {
            "name": report.name,
            "head": repository.head,
            "branch": repository.branch,
            "commits": len(repository.commits),
            "files": len(repository.files),
            "tags": len(repository.tags),
        },
        "counts": {state.value: count for state, count in report.counts().items()},
        "rows": [_row(result) for result in report.results],
    }


def _row(result: RowResult) -> dict[str, Any]:
    return {
        "code": result.row.code,
        "mode": result.row.mode.value,
        "must": result.row.must,
        "check": result.row.check,
        "parameters": dict(result.row.parameters),
        "state": result.state.value,
        "outcome": _outcome(result.outcome),
    }


def _outcome(outcome: Outcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    return {
        "verdict": outcome.verdict.value,
        "said": asdict(outcome.said),
        "mend": asdict(outcome.mend),
        "facts": dict(outcome.facts),
        "places": [asdict(place) for place in outcome.places],
    }


def _installed() -> str:
    try:
        return version("concours")
    except PackageNotFoundError:  # run from a folder of sources
        return ""
