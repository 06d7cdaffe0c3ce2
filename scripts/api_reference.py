"""The table of operations in docs/reference/api.md, made from the live API.

python scripts/api_reference.py            print it
python scripts/api_reference.py --write    put it into the page
python scripts/api_reference.py --check    exit 1 where the page is not current
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "api.md"
START, END = "<!-- operations: start -->", "<!-- operations: end -->"


def table() -> str:
    """Markdown: one section a tag, one row an operation, in the document's order."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.path.insert(0, str(Path(__file__).parents[1]))
    import django

    django.setup()
    from concours.platform.api.api import api
    from concours.platform.api.reference import groups

    sections: list[str] = []
    for tag, operations in groups(api.get_openapi_schema(), origin=""):
        rows = [
            f"| `{one.method}` | `{one.path}` | {', '.join(one.scopes) or 'open'} "
            f"| {_cell(one.description or one.summary)} |"
            for one in operations
        ]
        head = ["| | address | scope | what |", "|---|---|---|---|"]
        sections.append("\n".join([f"### {tag[:1].upper()}{tag[1:]}", "", *head, *rows]))
    return "\n\n".join(sections)


def page_with(text: str, operations: str) -> str:
    """The page with what stands between the marks replaced. Raises ValueError without marks."""
    before, start, rest = text.partition(START)
    _old, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{PAGE} lacks the lines {START} and {END}")
    return f"{before}{START}\n\n{operations}\n\n{END}{after}"


def differing(old: str, new: str) -> Iterator[str]:
    """The lines that one text has and the other has not."""
    before, after = old.splitlines(), new.splitlines()
    yield from (f"- {line}" for line in before if line not in after)
    yield from (f"+ {line}" for line in after if line not in before)


def main(arguments: list[str]) -> int:
    """Exit code: 0, or 1 where `--check` finds the page out of date, or 2 for a wrong call."""
    if arguments not in ([], ["--write"], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    operations = table()
    if not arguments:
        print(operations)
        return 0
    old = PAGE.read_text(encoding="utf-8")
    new = page_with(old, operations)
    if arguments == ["--write"]:
        PAGE.write_text(new, encoding="utf-8")
        return 0
    if old != new:
        print("\n".join(differing(old, new)))
        print("docs/reference/api.md is not current: python scripts/api_reference.py --write")
        return 1
    return 0


def _cell(text: str) -> str:
    """The first sentence or line of a description, fit for a cell."""
    return text.strip().splitlines()[0].replace("|", "\\|").rstrip(".") if text.strip() else ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
