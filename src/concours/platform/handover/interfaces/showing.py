"""A dossier's numbers in words, with what stands beside it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from concours.platform.core.text import in_language_of
from concours.platform.evaluations.enums import Split
from concours.platform.handover import domain
from concours.platform.handover.models import Dossier


def shown(dossier: Dossier) -> dict[str, Any]:
    """The context of a dossier's page. Names and texts are those that people agree to today."""
    parts, beside = domain.parts_of(dossier), domain.beside(dossier=dossier)
    names = {one["member"]: one["name"] for one in beside["people"]}
    texts = {one["seal"]: one["text"] for one in beside["reviews"]}
    return {
        "parts": parts,
        "repository": beside["repository"],
        "licence": _licence(parts["code"]["licence"]),
        "sign_off": _sign_off(parts["code"]["sign_off"]),
        "people": [
            {**one, "name": names.get(one["member"], "")}
            for one in sorted(parts["people"], key=lambda one: not one["captain"])
        ],
        "evaluations": [{**one, "kind": Split(one["split"]).label} for one in parts["evaluations"]],
        "reviews": [
            {**one, "text": texts.get(one["seal"], "")} for one in parts["reviews"]["released"]
        ],
        "awards": [
            {**one, "name": in_language_of(one["title"], one["title_zh"])}
            for one in parts["awards"]
        ],
        "total_milli": _milli(parts["result"]["total"]),
    }


def _milli(total: list[int]) -> int:
    """The exact total rounded for reading, half up."""
    numerator, denominator = total
    return (2 * numerator + denominator) // (2 * denominator)


def _licence(part: dict[str, Any]) -> str:
    said = {
        "recognised": ", ".join(part["found"]),
        "unrecognised": _("there is a licence file, and its text is none that is known"),
        "none": _("no licence file stands in the snapshot"),
        "not-known": _("not known: the archive is gone or cannot be read"),
    }
    return said[part["state"]]


def _sign_off(part: dict[str, Any]) -> str:
    said = {
        "signed-off": _("the commit is signed off by its author"),
        "not-signed-off": _("the commit is not signed off by its author"),
        "not-known": _("not known: an archive does not tell"),
    }
    return said[part["state"]]
