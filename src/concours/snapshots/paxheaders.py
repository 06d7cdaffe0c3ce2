"""What stands before a tar member and changes it: pax records and GNU long names."""

from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.limits import Limits
from concours.snapshots.meter import corrupt, inconsistent
from concours.snapshots.names import shown

_UTF8 = b"ISO-IR 10646 2000 UTF-8"
_OF_ONE_MEMBER = frozenset({b"path", b"linkpath", b"size"})


def field(raw: bytes) -> bytes:
    """A text field up to its first NUL."""
    return raw.split(b"\0", 1)[0]


def number(raw: bytes) -> int | None:
    """A numeric field: octal digits, or GNU's base 256; None if it is neither."""
    if raw[0] in (0x80, 0xFF):
        return int.from_bytes(raw[1:], "big") - (256 ** (len(raw) - 1) if raw[0] == 0xFF else 0)
    digits = raw.strip(b" \0")
    if digits.strip(b"01234567"):
        return None
    return int(digits or b"0", 8)


class Extensions:
    """The extension headers gathered for the next member.

    Each kind may come once, and two that speak of the same thing must agree: unpackers differ in
    which they believe.
    """

    def __init__(self) -> None:
        self.size: int | None = None
        self._taken: set[bytes] = set()
        self._names: list[bytes] = []
        self._targets: list[bytes] = []

    @property
    def waiting(self) -> bool:
        """Whether a member has to follow (a global header needs none)."""
        return bool(self._taken - {b"g"})

    def take(self, kind: bytes, data: bytes, limits: Limits) -> None:
        """Note the header of `kind` (x, g, L or K) with its body. Raises SnapshotRefused."""
        if kind in self._taken:
            raise inconsistent()
        self._taken.add(kind)
        if kind == b"L":
            self._names.append(_long_name(data))
        elif kind == b"K":
            self._targets.append(_long_name(data))
        else:
            self._take_records(_records(data), of_all=kind == b"g")

    def name(self, in_header: bytes) -> bytes:
        """The member's name, `in_header` if no extension gives one."""
        return _agreed(self._names, in_header)

    def target(self, in_header: bytes) -> bytes:
        """Where the link points, `in_header` if no extension says it."""
        return _agreed(self._targets, in_header)

    def _take_records(self, records: dict[bytes, bytes], *, of_all: bool) -> None:
        if of_all and not _OF_ONE_MEMBER.isdisjoint(records):
            raise inconsistent()
        if any(key.startswith(b"GNU.sparse.") for key in records):
            raise SnapshotRefused(
                Code.SPARSE_FILE, "A sparse file is inside; pack without `--sparse`."
            )
        if records.get(b"hdrcharset", _UTF8) != _UTF8:
            raise SnapshotRefused(
                Code.NAME_NOT_UTF8, "File names are not UTF-8; pack with a tool that writes UTF-8."
            )
        if b"path" in records:
            self._names.append(records[b"path"])
        if b"linkpath" in records:
            self._targets.append(records[b"linkpath"])
        if b"size" in records:
            if not records[b"size"].isdigit() or len(records[b"size"]) > 20:
                raise corrupt("A size is unreadable")
            self.size = int(records[b"size"])


def _long_name(data: bytes) -> bytes:
    name = data.removesuffix(b"\0")
    if b"\0" in name:
        raise SnapshotRefused(
            Code.UNSAFE_PATH, "A long name holds a NUL byte; rename the file.", shown(data)
        )
    return name


def _agreed(given: list[bytes], in_header: bytes) -> bytes:
    if not given:
        return in_header
    if any(one != given[0] for one in given):
        raise inconsistent(shown(given[0]))
    return given[0]


def _records(data: bytes) -> dict[bytes, bytes]:
    """pax records, each `<length> <key>=<value>\\n` with the length of the whole in decimal."""
    records: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 8)
        digits = data[at:space] if space > at else b""
        if not digits.isdigit():
            raise corrupt("A pax header is damaged")
        end = at + int(digits)
        key, equals, value = data[space + 1 : end - 1].partition(b"=")
        if end > len(data) or end <= space + 1 or not equals or data[end - 1 : end] != b"\n":
            raise corrupt("A pax header is damaged")
        if key in records:
            raise inconsistent()
        records[key] = value
        at = end
    return records
