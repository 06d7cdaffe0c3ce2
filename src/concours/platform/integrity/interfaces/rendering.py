"""A report as a page and as one file that needs nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import override

from concours.platform.core.text import localised
from concours.platform.integrity.domain import faults_in
from concours.platform.integrity.models import IntegrityReport


class _Titled:
    """Titles out of JSON, for `localised`."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.title, self.title_zh = values["title"], values["title_zh"]


def context_of(report: IntegrityReport) -> dict[str, Any]:
    """What both templates need, with titles in the language that is active."""
    content = json.loads(report.content)
    for track in content["tracks"]:
        track["shown"] = localised(_Titled(track), "title")
        track["appeals_ended"] = sum(track.get("appeals", {}).values())
        for pool in track["money"]:
            pool["shown"] = localised(_Titled(pool), "title")
    return {
        "report": report,
        "season": report.season,
        "content": content,
        "faults": faults_in(content),
        "judged": [track for track in content["tracks"] if track["assignment"] or track["result"]],
    }


def as_file(report: IntegrityReport, *, language: str) -> str:
    """One HTML document with its style inside: no script, nothing from elsewhere."""
    style = finders.find("web/app.css")
    with override(language):
        return render_to_string(
            "integrity/file.html",
            {
                **context_of(report),
                "language": language,
                # Our own stylesheet, and no "<" in it could end the element.
                "style": Path(style).read_text(encoding="utf-8").replace("<", "") if style else "",
            },
        )
