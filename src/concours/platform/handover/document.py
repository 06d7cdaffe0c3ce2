"""A dossier as one document that anyone can keep and check; free of the database.

A dossier is canonical JSON and its SHA-256 is its digest. It holds codes, numbers and digests, and
no words that people wrote nor any name: these stand beside it, as far as their people agree today,
and can be taken away without the dossier becoming another. A review's text is proved by its seal.

    {"format", "season", "track", "entry", "team", "record": {"events", "head"},
     "code": {"submission", "number", "kind", "digest", "content_digest", "bytes", "files",
              "commit", "git_digest", "licence": {"state", "files", "found"},
              "sign_off": {"state", "commits"}},
     "people": [{"member", "captain"}],
     "evaluations": [{"code", "split", "evaluator", "version", "evaluator_digest", "values",
                      "seal", "digest", "bundles": [{"digest", "bytes"}]}],
     "reviews": {"counted", "released": [{"points_milli", "scores", "seal"}]},
     "standing": {"number", "engine", "method", "inputs_digest", "result_digest", "entries",
                  "rank", "rank_low", "rank_high", "points_milli", "standard_error", "reviews",
                  "finalist"} or null,
     "result": {"number", "inputs_digest", "entries", "place", "tied", "finalist", "machine_milli",
                "peer_milli", "jury_milli", "total"},
     "awards": [{"pool", "place", "title", "title_zh", "currency", "amount_minor"}],
     "integrity": {"number", "digest", "events", "head", "faults"} or null}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from concours.platform.record.chain import canonical

FORMAT = "concours-dossier/1"
BESIDE = "concours-dossier-beside/1"
_KINDS: dict[str, Any] = {
    **dict.fromkeys(("format", "season", "track", "entry", "team"), str),
    **dict.fromkeys(("record", "code", "reviews", "result"), dict),
    **dict.fromkeys(("people", "evaluations", "awards"), list),
    **dict.fromkeys(("standing", "integrity"), (dict, type(None))),
}
PARTS = frozenset(_KINDS)


class BadDossier(ValueError):
    """The text is no dossier; the message says why, in English."""


def to_text(parts: Mapping[str, Any]) -> str:
    """The one text of these parts, whatever order their lists came in."""
    return canonical(
        {
            **parts,
            "format": FORMAT,
            "people": _sorted(parts["people"]),
            # What is inside first: a row's place would else follow from the order within it.
            "evaluations": _sorted(
                [{**one, "bundles": _sorted(one["bundles"])} for one in parts["evaluations"]]
            ),
            "reviews": {**parts["reviews"], "released": _sorted(parts["reviews"]["released"])},
            "awards": _sorted(parts["awards"]),
        }
    )


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of(*, salt: str, text: str) -> str:
    """What the dossier holds of a text that stands beside it: SHA-256 of both as canonical JSON."""
    return hashlib.sha256(canonical({"salt": salt, "text": text}).encode()).hexdigest()


def read(text: str) -> dict[str, Any]:
    """The parts of a dossier. Raises BadDossier for anything else and for another form of it."""
    try:
        parts = json.loads(text)
        same = canonical(parts) == text
    except (ValueError, RecursionError) as error:
        raise BadDossier("this is no JSON") from error
    if not isinstance(parts, dict) or parts.get("format") != FORMAT:
        raise BadDossier(f"this is no dossier in the format {FORMAT}")
    if set(parts) != PARTS:
        raise BadDossier("parts of the dossier are missing, or are not of it")
    if wrong := sorted(name for name, kind in _KINDS.items() if not isinstance(parts[name], kind)):
        raise BadDossier(f"a part of the dossier is of another form: {wrong[0]}")
    if not same:
        raise BadDossier("the dossier is not in its canonical form")
    return parts


def _sorted(rows: Any) -> list[Any]:
    return sorted(rows, key=canonical)
