"""Groups whose members do not review each other, from a file; a member may be in several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.files.numbering import number_of
from concours.peerreview.files.table import table
from concours.peerreview.files.text import FilePath, where
from concours.peerreview.keyed import IntArray

Members = tuple[set[int], set[int]]


def read_groups(
    path: FilePath,
    *,
    reviewers: Sequence[str],
    entries: Sequence[str],
    reviewer_entry: IntArray,
) -> tuple[IntArray, IntArray]:
    """((R, g), (n, g)) groups from columns group, and reviewer or entry or both.

    Reviewers belong to the groups of their own entry too. g is about the largest number of groups
    of one member, not the number of groups: each column holds groups that share no member.
    """
    members = _members(path, number_of(reviewers), number_of(entries))
    staff: dict[int, list[int]] = {}
    for reviewer, entry in enumerate(reviewer_entry.tolist()):
        staff.setdefault(entry, []).append(reviewer)
    for mine, theirs in members.values():
        for entry in theirs:
            mine.update(staff.get(entry, ()))
    columns: list[tuple[IntArray, IntArray]] = []
    for code, name in enumerate(sorted(members)):
        mine, theirs = members[name]
        if mine and theirs:
            who, what = np.array(sorted(mine)), np.array(sorted(theirs))
            first, second = _room(columns, who, what, (len(reviewers), len(entries)))
            first[who], second[what] = code, code
    return _stacked([c[0] for c in columns], len(reviewers)), _stacked(
        [c[1] for c in columns], len(entries)
    )


def _room(
    columns: list[tuple[IntArray, IntArray]], who: IntArray, what: IntArray, size: tuple[int, int]
) -> tuple[IntArray, IntArray]:
    """The first columns where none of the members has a group; new ones if there are none."""
    for first, second in columns:
        if (first[who] < 0).all() and (second[what] < 0).all():
            return first, second
    columns.append((np.full(size[0], -1, dtype=np.int64), np.full(size[1], -1, dtype=np.int64)))
    return columns[-1]


def side_by_side(first: IntArray, second: IntArray) -> IntArray:
    """Columns of both."""
    return np.concatenate([first, second], axis=1)


def _members(path: FilePath, who: dict[str, int], what: dict[str, int]) -> dict[str, Members]:
    found: dict[str, Members] = {}
    for number, row in table(path, ["group"]):
        place = where(path, number)
        mine, theirs = found.setdefault(row["group"], (set(), set()))
        reviewer, entry = row.get("reviewer", ""), row.get("entry", "")
        if not reviewer and not entry:
            raise BadInput(f"{place}: name a reviewer or an entry beside the group")
        for kind, name, known, side in (
            ("reviewer", reviewer, who, mine),
            ("entry", entry, what, theirs),
        ):
            if name and name not in known:
                raise BadInput(f"{place}: no {kind} {name!r}")
            if name:
                side.add(known[name])
    return found


def _stacked(columns: list[IntArray], length: int) -> IntArray:
    if not columns:
        return np.zeros((length, 0), dtype=np.int64)
    return np.stack(columns, axis=1)
