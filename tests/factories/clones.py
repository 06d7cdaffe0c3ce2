"""Git clones of any shape, made by `git fast-import` in one process."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

BEGIN = 1_700_000_000
DAY = 86_400
PGP = "-----BEGIN PGP SIGNATURE-----\n\niQEzBAABCAAdFiEE\n-----END PGP SIGNATURE-----\n"


def run_git(*arguments: str, folder: Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    """git with a bare environment; raises for an exit status."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, **options
    )


@dataclass
class CloneMaker:
    """Collects commits and tags, and writes them as a repository.

    `commit` adds to the one branch; a file of None is deleted, `merges` is the number of another
    commit that it joins. Times are seconds since 1970.
    """

    stream: list[bytes] = field(default_factory=list)
    count: int = 0

    def commit(
        self,
        files: Mapping[str | bytes, str | bytes | None],
        *,
        message: str = "Change",
        author: str = "Ada Lee",
        email: str = "ada@concours.dev",
        at: int | None = None,
        signed_off: bool = False,
        mode: str = "100644",
        merges: int = 0,
    ) -> CloneMaker:
        self.count += 1
        when = BEGIN + self.count * DAY if at is None else at
        text = message + (f"\n\nSigned-off-by: {author} <{email}>\n" if signed_off else "")
        self.stream.append(b"commit refs/heads/main\nmark :%d\n" % self.count)
        for role in ("author", "committer"):
            self.stream.append(f"{role} {author} <{email}> {when} +0000\n".encode())
        self.stream.append(_data(text.encode()))
        if merges:
            self.stream.append(b"merge :%d\n" % merges)
        for path, content in files.items():
            raw = path if isinstance(path, bytes) else path.encode()
            quoted = b'"' + raw.replace(b"\\", b"\\\\").replace(b"\n", b"\\n") + b'"'
            if content is None:
                self.stream.append(b"D " + quoted + b"\n")
                continue
            body = content if isinstance(content, bytes) else content.encode()
            self.stream.append(b"M " + mode.encode() + b" inline " + quoted + b"\n" + _data(body))
        self.stream.append(b"\n")
        return self

    def tag(self, name: str, *, signature: str = "", at: int | None = None) -> CloneMaker:
        """An annotated tag of the newest commit."""
        when = BEGIN + self.count * DAY if at is None else at
        self.stream.append(f"tag {name}\nfrom :{self.count}\n".encode())
        self.stream.append(f"tagger Ada Lee <ada@concours.dev> {when} +0000\n".encode())
        self.stream.append(_data(f"Release {name}\n{signature}".encode()))
        return self

    def plain_tag(self, name: str) -> CloneMaker:
        self.stream.append(f"reset refs/tags/{name}\nfrom :{self.count}\n\n".encode())
        return self

    def make(self, folder: Path, *, bare: bool = False) -> Path:
        """Write it to `folder`, which is returned; nothing is checked out."""
        folder.mkdir(parents=True, exist_ok=True)
        run_git("init", "-q", "-b", "main", *(["--bare"] if bare else []), ".", folder=folder)
        run_git("fast-import", "--quiet", folder=folder, input=b"".join(self.stream))
        return folder

    @property
    def now(self) -> int:
        """The time of the newest commit."""
        return BEGIN + self.count * DAY


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"
