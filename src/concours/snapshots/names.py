"""Names of members: which are safe to write on any machine, and which mean the same file twice."""

import re
import unicodedata

from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.limits import Limits

_DRIVE = re.compile(r"[A-Za-z]:")
# Controls, line and paragraph separators, surrogates; format characters only where they reorder
# what a reader sees (bidirectional overrides and isolates).
_BAD_CATEGORIES = frozenset({"Cc", "Zl", "Zp", "Cs"})
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REPOSITORY = frozenset({".git", "git~1"})
# Code points that HFS+ ignores in names, so that ".g\u200cit" is ".git" there.
_IGNORED_BY_HFS = re.compile("[\u200b-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")


def shown(raw: bytes | str) -> str:
    """A member's name fit for a message: escaped, at most 200 characters."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    return text.encode("unicode_escape").decode("ascii")[:200]


def safe_path(raw: bytes, *, limits: Limits) -> str:
    """The relative path that `raw` names, `/` between components, without a leading `./`.

    Returns "" for the root itself (`./`). A trailing slash is dropped. O(len(raw)).
    Raises SnapshotRefused: NAME_NOT_UTF8, UNSAFE_PATH, PATH_TOO_LONG, REPOSITORY_INSIDE.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise SnapshotRefused(
            Code.NAME_NOT_UTF8,
            "A file name is not UTF-8; rename the file, or pack it with a tool that writes UTF-8.",
            shown(raw),
        ) from None
    _refuse_characters(text)
    while text.startswith("./"):
        text = text[2:]
    path = text.removesuffix("/")
    if path in ("", "."):
        if raw in (b"", b"/"):
            raise _unsafe(text)
        return ""
    _refuse_shape(path)
    _refuse_length(path, limits)
    return path


def safe_target(raw: bytes, *, limits: Limits) -> str:
    """The target of a symbolic link as text; where it leads is judged later, with all links.

    Raises SnapshotRefused: NAME_NOT_UTF8, UNSAFE_PATH, PATH_TOO_LONG.
    """
    if len(raw) > limits.max_path_bytes:
        raise SnapshotRefused(
            Code.PATH_TOO_LONG, "The target of a symbolic link is too long; shorten it.", shown(raw)
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise SnapshotRefused(
            Code.NAME_NOT_UTF8, "The target of a symbolic link is not UTF-8.", shown(raw)
        ) from None
    _refuse_characters(text)
    return text


def _unsafe(text: str) -> SnapshotRefused:
    return SnapshotRefused(
        Code.UNSAFE_PATH,
        "A path leaves the archive or holds characters that are unsafe in file names; "
        "pack plain relative paths.",
        shown(text),
    )


def _refuse_characters(text: str) -> None:
    if "\\" in text or (text.isascii() and not text.isprintable()):
        raise _unsafe(text)
    if not text.isascii() and any(
        c in _REORDERING or unicodedata.category(c) in _BAD_CATEGORIES for c in text
    ):
        raise _unsafe(text)


def _refuse_shape(path: str) -> None:
    if path.startswith("/") or _DRIVE.match(path):
        raise _unsafe(path)
    for component in path.split("/"):
        if component in ("", ".", ".."):
            raise _unsafe(path)
        if _IGNORED_BY_HFS.sub("", component).casefold().rstrip(". ") in _REPOSITORY:
            raise SnapshotRefused(
                Code.REPOSITORY_INSIDE,
                "A .git folder or file is inside; leave it out, as `git archive` does, "
                "or give the repository's address instead.",
                shown(path),
            )


def _refuse_length(path: str, limits: Limits) -> None:
    components = path.encode().split(b"/")
    if (
        sum(map(len, components)) + len(components) - 1 > limits.max_path_bytes
        or max(map(len, components)) > limits.max_component_bytes
        or len(components) > limits.max_depth
    ):
        raise SnapshotRefused(
            Code.PATH_TOO_LONG,
            f"A path is too long: at most {limits.max_path_bytes} bytes, "
            f"{limits.max_component_bytes} in one name and {limits.max_depth} folders deep; "
            "shorten it.",
            shown(path),
        )


class Names:
    """Every name seen so far, so that no two members are one file on some machine.

    Two spellings are one name if they are equal after Unicode NFC and case folding. Folders may
    come twice, files and links once, and nothing may lie beneath a file or a link.
    """

    def __init__(self) -> None:
        self._spelling: dict[str, str] = {}
        self._folders: set[str] = set()
        self._leaves: set[str] = set()

    def add_folder(self, path: str) -> None:
        """Note a folder and those it lies in. Raises SnapshotRefused: DUPLICATE."""
        while path and path not in self._folders:
            if path in self._leaves:
                raise _duplicate(path)
            self._note(path)
            self._folders.add(path)
            path = path.rpartition("/")[0]

    def add_leaf(self, path: str) -> None:
        """Note a file or a link. Raises SnapshotRefused: DUPLICATE."""
        if path in self._leaves or path in self._folders:
            raise _duplicate(path)
        self._note(path)
        self._leaves.add(path)
        self.add_folder(path.rpartition("/")[0])

    def _note(self, path: str) -> None:
        # NFC again after folding: folding can decompose what NFC composed.
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
        if self._spelling.setdefault(folded, path) != path:
            raise _duplicate(path)


def _duplicate(path: str) -> SnapshotRefused:
    return SnapshotRefused(
        Code.DUPLICATE,
        "Two members would be the same file on some machines (the same name, or names that "
        "differ only in case or in how accents are written); rename or remove one.",
        shown(path),
    )
