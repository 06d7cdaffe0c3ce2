"""The gap report as one HTML file that needs nothing else."""

from __future__ import annotations

from html import escape

from concours.criteria.checks import Outcome, Place
from concours.criteria.running import Report, RowResult, State

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color-scheme:light dark}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #8886}
code{overflow-wrap:anywhere}
.not-met{font-weight:700}
"""
_WORDS = {
    "en": {
        "states": {
            State.MET: "met",
            State.NOT_MET: "not met",
            State.CANNOT_TELL: "cannot tell",
            State.WAITS: "waits for a person",
        },
        "heads": ("row", "criterion", "state", "what was seen, and the mend"),
        "must": "must",
        "suggested": "suggested",
        "of": "commit",
    },
    "zh": {
        "states": {
            State.MET: "满足",
            State.NOT_MET: "不满足",
            State.CANNOT_TELL: "无法判断",
            State.WAITS: "待人工判定",
        },
        "heads": ("编号", "条款", "状态", "所见与改进"),
        "must": "必须",
        "suggested": "建议",
        "of": "提交",
    },
}


def place_text(place: Place) -> str:
    """A place as people write it: path:line, or the beginning of a commit's id."""
    if place.commit:
        return place.commit[:40]
    return f"{place.path}:{place.line}" if place.line else place.path


def to_html(report: Report, *, language: str) -> str:
    """The report as a page in `language`, en or zh; everything from the clone is escaped."""
    words = _WORDS[language]
    criteria, repository = report.criteria, report.repository
    title = criteria.title_zh if language == "zh" else criteria.title
    counts = ", ".join(
        f"{words['states'][state]} {count}"  # type: ignore[index]
        for state, count in report.counts().items()
    )
    parts = [
        "<!doctype html>",
        f'<html lang="{"zh-Hans" if language == "zh" else "en"}"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(report.name)} · {escape(title)}</title><style>{_STYLE}</style>",
        f"<h1>{escape(report.name)}</h1>",
        f"<p>{escape(title)} {escape(criteria.version)} · {escape(report.stage)} · "
        f"{words['of']} <code>{repository.head}</code> · {repository.at:%Y-%m-%d}</p>",
        f"<p>{escape(counts)}</p>",
    ]
    for chapter in criteria.chapters:
        rows = [one for one in report.results if one.row.chapter == chapter.key]
        if rows:
            name = chapter.title_zh if language == "zh" else chapter.title
            heads = "".join(f'<th scope="col">{one}</th>' for one in words["heads"])
            parts += [f"<h2>{escape(name)}</h2>", f"<table><thead><tr>{heads}</tr></thead><tbody>"]
            parts += [_row(one, language) for one in rows]
            parts.append("</tbody></table>")
    return "\n".join([*parts, "</html>", ""])


def _row(result: RowResult, language: str) -> str:
    words = _WORDS[language]
    row = result.row
    text = row.text_zh if language == "zh" else row.text
    weight = words["must"] if row.must else words["suggested"]
    return (
        f'<tr class="{result.state}"><td><code>{escape(row.code)}</code><br>{weight}</td>'
        f"<td>{escape(text)}</td>"
        f"<td>{words['states'][result.state]}</td>"  # type: ignore[index]
        f"<td>{_seen(result.outcome, result.state, language)}</td></tr>"
    )


def _seen(outcome: Outcome | None, state: State, language: str) -> str:
    if outcome is None:
        return ""
    said, mend = (
        (outcome.said.zh, outcome.mend.zh)
        if language == "zh"
        else (outcome.said.en, outcome.mend.en)
    )
    parts = [escape(said)]
    if state in {State.NOT_MET, State.CANNOT_TELL}:
        parts.append(escape(mend))
        parts += [f"<code>{escape(place_text(one))}</code>" for one in outcome.places[:5]]
    return "<br>".join(part for part in parts if part)
