"""The history of a commit and the tags of a clone."""

from __future__ import annotations

import re
from collections.abc import Mapping

from concours.clones.errors import CloneRefused, Code
from concours.clones.facts import Commit, Limits, Tag
from concours.clones.gitprocess import Git, Objects, corrupt

MAX_TAG_BYTES = 2**20
# Commit messages cannot hold NUL in git's output, so nobody writes a field of their own.
_FIELDS = ("%H", "%P", "%an", "%ae", "%at", "%ct", "%ae", "%B")
_MAPPED = ("%H", "%P", "%aN", "%aE", "%at", "%ct", "%ae", "%B")
_SIGNED_OFF = re.compile(rb"^signed-off-by:[^<\n]*<([^>\n]*)>\s*$", re.IGNORECASE | re.MULTILINE)
_TAG_NAME = re.compile(rb"^tag (.+)$", re.MULTILINE)
_TAGGER = re.compile(rb"^tagger .*> (-?\d{1,12}) [+-]\d+$", re.MULTILINE)
_SIGNATURES = {
    b"\n-----BEGIN PGP SIGNATURE-----\n": "pgp",
    b"\n-----BEGIN PGP MESSAGE-----\n": "pgp",
    b"\n-----BEGIN SSH SIGNATURE-----\n": "ssh",
    b"\n-----BEGIN SIGNED MESSAGE-----\n": "x509",
}


def read_commits(git: Git, head: str, limits: Limits, *, mailmap: bool = False) -> list[Commit]:
    """The commits that `head` can be reached from back to the first, newest first. O(commits).

    With `mailmap`, authors are named as the .mailmap of `head` has them; a sign-off counts by the
    address that the commit itself has too.
    """
    found: list[Commit] = []
    fields: list[bytes] = []
    emails: dict[bytes, str] = {}
    names: dict[bytes, str] = {}
    form = "--format=tformat:" + "%x00".join(_MAPPED if mailmap else _FIELDS)
    # The clone's own settings are never read: of the file at `head` git has to be told.
    setting = ("-c", f"mailmap.blob={head}:.mailmap") if mailmap else ()
    for field in git.lines(*setting, "log", "-z", form, head, "--", end=b"\0"):
        fields.append(field)
        if len(fields) < len(_FIELDS):
            continue
        if len(found) >= limits.max_commits:
            raise CloneRefused(
                Code.TOO_MANY_COMMITS,
                f"The history has more than {limits.max_commits} commits, which is the bound; "
                "ask for a higher one.",
            )
        found.append(_commit(fields, names, emails))
        fields = []
    if fields:
        raise corrupt()
    return found


def _commit(fields: list[bytes], names: dict[bytes, str], emails: dict[bytes, str]) -> Commit:
    commit, parents, name, email, authored, committed, written, message = fields
    signers = {email.strip().lower(), written.strip().lower()}
    return Commit(
        id=commit.decode("ascii"),
        parents=tuple(parents.decode("ascii").split()),
        author=names.setdefault(name, printable(name)),
        email=emails.setdefault(email, printable(email).strip().lower()),
        authored_at=_seconds(authored),
        committed_at=_seconds(committed),
        signed_off=any(one.strip().lower() in signers for one in _SIGNED_OFF.findall(message)),
    )


def read_tags(
    objects: Objects, tags: Mapping[bytes, str], committed: Mapping[str, int | None]
) -> list[Tag]:
    """The tags, oldest first; `committed` tells when a commit that a plain tag names was made."""
    found = []
    for name, object_id in tags.items():
        kind, content = objects.read(object_id, most=MAX_TAG_BYTES)
        short = short_name(name)
        if kind != "tag":
            found.append(
                Tag(short, annotated=False, made_at=committed.get(object_id), signature="")
            )
        else:
            found.append(_annotated(short, content or b""))
    return sorted(found, key=lambda tag: (tag.made_at or 0, tag.name))


def short_name(name: bytes) -> str:
    """A tag's name without refs/tags/, printable."""
    return printable(name.removeprefix(b"refs/tags/"))


def _annotated(name: str, content: bytes) -> Tag:
    headers = content.partition(b"\n\n")[0]
    tagger = _TAGGER.search(headers)
    signature = next((kind for mark, kind in _SIGNATURES.items() if mark in content), "")
    made_at = _seconds(tagger[1]) if tagger else None
    called = _TAG_NAME.search(headers)
    renamed = called is None or printable(called[1]) != name
    return Tag(name, annotated=True, made_at=made_at, signature=signature, renamed=renamed)


def printable(raw: bytes) -> str:
    """Text to show: odd bytes and control characters are written as escapes."""
    text = raw.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text
    )


def _seconds(raw: bytes) -> int | None:
    """A time of git's; None for one outside the years 1970 to 9999."""
    try:
        value = int(raw)
    except ValueError:
        return None
    return value if 0 < value < 253_402_300_800 else None
