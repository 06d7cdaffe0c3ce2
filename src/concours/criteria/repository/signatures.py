"""Whether a tag's signature is one of the keys': git's own `verify-tag`, offline.

gpg and ssh-keygen see a home of ours that holds the keys and nothing else, and no setting of the
clone or of whoever runs this. They have no agent, no key server and no time but the given one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from concours.clones import Git, Tag, Trust
from concours.criteria.repository.keys import Keys

MOST_VERIFIED = 100
"""Tags that are verified, the newest; each takes git and another program."""
_GOOD_PGP = re.compile(rb"^\[GNUPG:\] (?:GOODSIG|EXPKEYSIG) ", re.MULTILINE)
_VALID_PGP = re.compile(rb"^\[GNUPG:\] VALIDSIG ", re.MULTILINE)
_NO_PGP_KEY = re.compile(rb"^\[GNUPG:\] NO_PUBKEY ", re.MULTILINE)
_GPG_SETTINGS = """\
batch
no-tty
no-autostart
disable-dirmngr
no-auto-key-retrieve
no-auto-key-locate
trust-model always
faked-system-time {at}
"""


@dataclass(frozen=True, kw_only=True)
class _Tools:
    """The programs that verify; empty where one is not installed."""

    gpg: str
    ssh_keygen: str


def verified(
    git: Git, tags: list[Tag], ids: Mapping[str, str], *, keys: Keys, folder: Path, at: datetime
) -> list[Tag]:
    """The tags with the trust that `keys` give them; `ids` are their objects by name.

    Unsigned tags have none. `folder` is for the keys and is left to the caller to remove. At most
    MOST_VERIFIED are looked at, the newest.
    """
    tools = _Tools(gpg=shutil.which("gpg") or "", ssh_keygen=shutil.which("ssh-keygen") or "")
    signed = [tag for tag in tags if tag.signature]
    looked_at = {tag.name for tag in signed[-MOST_VERIFIED:]}
    home = _home(git, folder, keys, tools, at) if looked_at and keys.origin else folder
    return [
        tag
        if not tag.signature
        else replace(tag, trust=_trust(git, tag, ids[tag.name], keys, tools, home))
        if tag.name in looked_at
        else replace(tag, trust=Trust.UNCHECKED)
        for tag in tags
    ]


def _trust(git: Git, tag: Tag, object_id: str, keys: Keys, tools: _Tools, home: Path) -> Trust:
    if tag.renamed:
        return Trust.BAD
    have = {"pgp": keys.pgp, "ssh": keys.signers}.get(tag.signature)
    tool = {"pgp": tools.gpg, "ssh": tools.ssh_keygen}.get(tag.signature, "")
    if have is not None and not have:
        return Trust.NO_KEYS
    if not tool:
        return Trust.NO_TOOL
    # The programs are ours by their whole path, whatever a configuration would name.
    settings = {
        "gpg.program": tools.gpg or "/bin/false",
        "gpg.openpgp.program": tools.gpg or "/bin/false",
        "gpg.ssh.program": tools.ssh_keygen or "/bin/false",
        "gpg.x509.program": "/bin/false",
        "gpg.ssh.allowedSignersFile": str(home / "allowed_signers"),
        "gpg.minTrustLevel": "undefined",
    }
    ended, told = git.answer(
        "verify-tag", "--raw", object_id, settings=settings, environment={"GNUPGHOME": str(home)}
    )
    return _read_pgp(told) if tag.signature == "pgp" else _read_ssh(ended, told)


def _read_pgp(told: bytes) -> Trust:
    """gpg's machine-readable lines. A key that has expired since signed in its time."""
    if _GOOD_PGP.search(told) and _VALID_PGP.search(told):
        return Trust.GOOD
    return Trust.STRANGER if _NO_PGP_KEY.search(told) else Trust.BAD


def _read_ssh(ended: int, told: bytes) -> Trust:
    if ended == 0:
        return Trust.GOOD
    return Trust.STRANGER if b"No principal matched" in told else Trust.BAD


def _home(git: Git, folder: Path, keys: Keys, tools: _Tools, at: datetime) -> Path:
    """A home for gpg with the PGP keys imported, and the file of SSH signers beside them."""
    home = folder / "keys"
    home.mkdir(mode=0o700)
    (home / "allowed_signers").write_bytes(b"\n".join(keys.signers) + b"\n")
    (home / "common.conf").write_text("", encoding="ascii")
    settings = _GPG_SETTINGS.format(at=int(at.timestamp()))
    (home / "gpg.conf").write_text(settings, encoding="ascii")
    if keys.pgp and tools.gpg:
        _import(git, home, keys.pgp, tools.gpg)
    return home


def _import(git: Git, home: Path, files: Iterable[bytes], gpg: str) -> None:
    for number, content in enumerate(files):
        path = home / f"{number}.asc"
        path.write_bytes(content)
        with git.bounded(
            gpg,
            "--homedir",
            str(home),
            "--import",
            str(path),
            stderr=subprocess.DEVNULL,
            environment={"GNUPGHOME": str(home)},
        ) as process:
            # What of it is no key is passed over; a tag that needs it then has a stranger's.
            process.communicate()
