"""What was taken out of an archive, in words for its authors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from concours.anonymity import Action, Kind

TONES = {
    Action.REMOVED: "info",
    Action.REPLACED: "info",
    Action.OVERWRITTEN: "warn",
    Action.LEFT: "bad",
    Action.UNREAD: "warn",
}
ORDER = (Action.LEFT, Action.UNREAD, Action.OVERWRITTEN, Action.REMOVED, Action.REPLACED)
"""What asks something of the authors comes first."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A finding as the page lists it."""

    path: str
    what: str
    action: Action
    label: str
    tone: str
    count: int


def rows_of(report: Iterable[Any]) -> list[Row]:
    """The findings of a kept report, those to look at first."""
    rows = [
        Row(
            path=path,
            what=rule_in_words(rule),
            action=Action(action),
            label=action_in_words(Action(action)),
            tone=TONES[Action(action)],
            count=count,
        )
        for path, rule, action, count in report
    ]
    return sorted(rows, key=lambda row: (ORDER.index(row.action), row.path, row.what))


def action_in_words(action: Action) -> str:
    return {
        Action.REMOVED: _("file left out"),
        Action.REPLACED: _("replaced"),
        Action.OVERWRITTEN: _("overwritten"),
        Action.LEFT: _("still there"),
        Action.UNREAD: _("not looked into"),
    }[action]


def kind_in_words(kind: str) -> str:
    return {
        Kind.NAME: _("a member’s name"),
        Kind.TEAM: _("the team’s name"),
        Kind.EMAIL: _("a mail address"),
        Kind.ACCOUNT: _("an account or the name of a mailbox"),
        Kind.ORGANISATION: _("an organisation"),
        Kind.DOMAIN: _("an organisation’s domain"),
    }[Kind(kind)]


def rule_in_words(rule: str) -> str:
    """The rule's words; what is packed within goes by its format."""
    if rule.startswith("path-"):
        return _("%(kind)s, in the file’s name") % {"kind": kind_in_words(rule[5:])}
    if rule in Kind._value2member_map_:
        return kind_in_words(rule)
    worded = {
        "version-control": _("kept by a version control"),
        "people": _("a list of people"),
        "editor": _("settings of an editor or a system"),
        "package-metadata": _("authors and addresses of a package"),
        "copyright": _("copyright line of a licence"),
        "author-line": _("line that names an author"),
        "account-link": _("link to a place that hosts code; look whose"),
        "makers": _("what a picture or document says of its maker"),
        "bytes": _("name in a file that is no text"),
        "large": _("larger than 8 MiB; searched as bytes alone"),
        "symlink": _("symbolic link"),
        "submodule": _("submodule"),
    }
    return worded.get(rule, _("format %(format)s: names may be inside") % {"format": rule})
