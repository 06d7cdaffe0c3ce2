"""Ids and their numbers: sorted, so that the order of lines changes no result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CodeArray = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False, kw_only=True)
class Ids:
    """A column of ids.

    Attributes:
        code: (m,) number of the id in each row.
        names: the ids by number: each one occurs, ascending by code point.
    """

    code: CodeArray
    names: list[str]


class Book(dict[str, int]):
    """Ids numbered as they come."""

    def __missing__(self, name: str) -> int:
        if not name:
            raise ValueError("an empty id")
        number = len(self)
        self[name] = number
        return number

    def codes(self, names: Sequence[str]) -> CodeArray:
        """Numbers of the names, new ones added; ValueError for an empty one."""
        return np.fromiter(map(self.__getitem__, names), dtype=np.int32, count=len(names))


def numbered(code: npt.NDArray[np.integer], names: Sequence[str]) -> Ids:
    """Number ids anew in sorted order.

    `names` may hold ids that no row has, and ids that are one when stripped.
    """
    present = np.bincount(code, minlength=len(names)) > 0
    clean = [name.strip() if there else "" for name, there in zip(names, present, strict=True)]
    ordered = sorted({name for name, there in zip(clean, present, strict=True) if there})
    number = {name: i for i, name in enumerate(ordered)}
    new = np.fromiter((number.get(name, -1) for name in clean), dtype=np.int32, count=len(clean))
    return Ids(code=new[code] if len(code) else np.zeros(0, dtype=np.int32), names=ordered)


def number_of(names: Iterable[str]) -> dict[str, int]:
    """{id: its number}."""
    return {name: i for i, name in enumerate(names)}


def renumbered(ids: Ids, known: Sequence[str]) -> tuple[CodeArray, npt.NDArray[np.intp]]:
    """((m,) numbers in `known`, -1 for one that is not there; rows of those, ascending)."""
    number = number_of(known)
    new = np.fromiter((number.get(name, -1) for name in ids.names), np.int32, len(ids.names))
    code = new[ids.code] if len(ids.code) else ids.code
    return code, np.flatnonzero(code < 0)
