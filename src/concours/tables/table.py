"""Typed access to one TOML table: each fault names file, key and what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from concours.tables.files import DataFolder

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Table:
    """A table within `file`; `path` leads to it ("phases[2]"). Finish with `done()`.

    A value that is missing or of another kind is noted as a fault and comes back as the default,
    so that one reading finds all faults.
    """

    def __init__(
        self, folder: DataFolder, file: str, values: dict[str, Any], path: str = ""
    ) -> None:
        self.folder, self.file, self.path = folder, file, path
        self._values = values
        self._asked: set[str] = set()

    def fault(self, key: str, problem: str, mend: str = "") -> None:
        place = f"{self.path}.{key}" if self.path and key else self.path or key
        self.folder.fault(self.file, place, problem, mend)

    def require_format(self, newest: int) -> None:
        """That the key "format" names a version up to `newest`, the last one that is read."""
        version = self.integer("format", low=1, high=9_999)
        if version > newest:
            self.fault("format", f"{version} is newer than this Concours", f"{newest} is read")

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, *, most: int = 200, default: str | None = None) -> str:
        """A string of 1 to `most` characters; may be absent or empty where there is a default."""
        value = self._value(key, str, "a string", required=default is None)
        if value is None:
            return default or ""
        text = str(value).strip()
        if not text and default is None:
            self.fault(key, "is empty", "write something")
        if len(text) > most:
            self.fault(key, f"has {len(text)} characters", f"at most {most} are allowed")
        if UNPRINTABLE.search(text):
            self.fault(key, "holds control characters", "take them out")
            return default or ""
        return text

    def slug(self, key: str, *, most: int = 80, default: str | None = None) -> str:
        """A short name of lower-case letters, digits and hyphens within."""
        value = self.text(key, most=most, default=default)
        if value and not SLUG.fullmatch(value):
            self.fault(key, f"{value!r} is no short name", "use a-z, 0-9 and hyphens between")
        return value

    def slugs(self, key: str) -> tuple[str, ...]:
        """A list of short names, without repetition; may be absent."""
        value = self._value(key, list, "a list of short names", required=False) or []
        if not all(isinstance(item, str) and SLUG.fullmatch(item) for item in value):
            self.fault(key, f"{value!r} is not a list of short names")
            return ()
        if len(set(value)) < len(value):
            self.fault(key, "names something twice", "name each once")
        return tuple(dict.fromkeys(value))

    def integer(self, key: str, *, low: int, high: int, default: int | None = None) -> int:
        value = self._value(key, int, f"an integer {low} to {high}", required=default is None)
        if value is None:
            return low if default is None else default
        if not low <= value <= high:
            self.fault(key, f"{str(value)[:30]} is out of range", f"{low} to {high} is expected")
            return low
        return int(value)

    def number(self, key: str, *, low: float, high: float, default: float | None = None) -> float:
        """A finite number, whole or not."""
        value = self._value(key, (int, float), "a number", required=default is None)
        if value is None:
            return low if default is None else default
        if not low <= value <= high:  # a NaN is out of every range
            self.fault(
                key, f"{str(value)[:30]} is out of range", f"{low:g} to {high:g} is expected"
            )
            return low
        return float(value)

    def texts(self, key: str, *, most: int = 100, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of strings, none empty; may be absent."""
        value = self._value(key, list, "a list of strings", required=False)
        if value is None:
            return default
        if len(value) > most:
            self.fault(key, f"has {len(value)} strings", f"at most {most} are allowed")
        if not all(isinstance(item, str) and item for item in value):
            self.fault(key, "is not a list of strings", "write each in quotes")
            return default
        if any(UNPRINTABLE.search(item) for item in value):
            self.fault(key, "holds control characters", "take them out")
        return tuple(value)

    def integers(self, key: str, *, low: int, high: int, most: int) -> tuple[int, ...]:
        """A list of different whole numbers from `low` to `high`, `most` at most."""
        value = self._value(key, list, "a list of whole numbers", required=False) or []
        if len(value) > most:
            self.fault(key, f"has {len(value)} numbers", f"at most {most} are allowed")
        if not all(type(item) is int and low <= item <= high for item in value):
            self.fault(key, "is not a list of such numbers", f"{low} to {high} is expected")
            return ()
        if len(set(value)) < len(value):
            self.fault(key, "names a number twice", "name each once")
        return tuple(value)

    def boolean(self, key: str, *, default: bool = False) -> bool:
        value = self._value(key, bool, "true or false", required=False)
        return default if value is None else bool(value)

    def choice(self, key: str, among: list[str], *, default: str | None = None) -> str:
        value = self._value(key, str, f"one of {', '.join(among)}", required=default is None)
        if value is None:
            return default or among[0]
        if value not in among:
            self.fault(key, f"{value!r} is not known", f"use one of {', '.join(among)}")
            return among[0]
        return str(value)

    def moment(self, key: str, *, required: bool = True) -> datetime | None:
        """A date with time and offset, given back in UTC."""
        value: datetime | None = self._value(
            key, datetime, "a date with time and offset", required=required
        )
        if value is None:
            return None
        if value.tzinfo is None:
            self.fault(key, f"{value} lacks an offset", "write it as 2023-01-31T08:00:00+08:00")
            return None
        try:
            return value.astimezone(UTC)
        except OverflowError:
            self.fault(key, f"{value} is out of range", "years 1 to 9999 in UTC are expected")
            return None

    def needed_moment(self, key: str) -> datetime:
        """As `moment`; the epoch stands in after a fault."""
        return self.moment(key) or EPOCH

    def day(self, key: str) -> date | None:
        """A date without a time; may be absent."""
        value: date | None = self._value(key, date, "a date such as 2023-01-31", required=False)
        if isinstance(value, datetime):
            self.fault(key, f"{value} has a time", "write the date alone")
            return None
        return value

    def table(self, key: str) -> Table | None:
        """The table under `key`; None where there is none."""
        value = self._value(key, dict, "a table", required=False)
        return None if value is None else Table(self.folder, self.file, value, self._path(key))

    def tables(self, key: str, *, most: int = 5_000) -> Iterator[Table]:
        """The tables of the list under `key`, in order."""
        value = self._value(key, list, "a list of tables", required=False) or []
        if len(value) > most:
            self.fault(key, f"has {len(value)} tables", f"at most {most} are allowed")
            value = value[:most]
        for number, item in enumerate(value, start=1):
            if isinstance(item, dict):
                yield Table(self.folder, self.file, item, f"{self._path(key)}[{number}]")
            else:
                self.fault(f"{key}[{number}]", "is not a table", "write [[...]] above its keys")

    def know(self, *keys: str) -> None:
        """Keys that may be there and were not asked for."""
        self._asked.update(keys)

    def done(self) -> None:
        """Note the keys that nothing asked for: most are misspelt."""
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                self.fault(key[:80], "is not a known key", f"known here are {known}")

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _value(
        self, key: str, kind: type | tuple[type, ...], expected: str, *, required: bool
    ) -> Any:
        self._asked.add(key)
        value = self._values.get(key)
        if value is None:
            if required:
                self.fault(key, "is missing", f"{expected} is expected")
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(key, f"is {_name(value)}", f"{expected} is expected")
            return None
        return value


def _name(value: Any) -> str:
    names = {
        bool: "true or false", int: "an integer", float: "a fraction", str: "a string",
        list: "a list", dict: "a table", datetime: "a date with time", date: "a date",
    }  # fmt: skip
    return names.get(type(value), "a time")
