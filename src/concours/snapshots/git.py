"""From a git address and a revision to a snapshot: fetched, never checked out."""

import dataclasses
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from concours.snapshots.addresses import GitPolicy, check_address
from concours.snapshots.archives import inspect_archive
from concours.snapshots.errors import Code, SnapshotRefused
from concours.snapshots.gitprocess import Git, GitFailedError, check_version
from concours.snapshots.gittree import write_tree
from concours.snapshots.limits import Limits
from concours.snapshots.snapshot import Snapshot

__all__ = ["GitPolicy", "GitSnapshot", "fetch_commit"]

_FULL_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT_ID = re.compile(r"[0-9a-f]{4,63}")
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+@#=-]{0,199}")
_SHA256_LENGTH = 64
_AUTHOR = re.compile(rb"^author [^\n]*<([^<>\n]*)> ", re.MULTILINE)
_SIGNED_OFF = re.compile(
    rb"^Signed-off-by:[^\n]*<([^<>\n]*)>[ \t\r]*$", re.MULTILINE | re.IGNORECASE
)


@dataclass(frozen=True)
class GitSnapshot:
    """A commit at rest: the tar at `archive`, the full ids of commit and tree in hex.

    `snapshot` describes that tar; its `skipped` lists the links and submodules left out of it.
    `signed_off` says whether the commit bears a Signed-off-by with its author's address.
    """

    archive: Path
    commit: str
    tree: str
    snapshot: Snapshot
    signed_off: bool


def fetch_commit(
    *,
    url: str,
    revision: str,
    into: Path,
    policy: GitPolicy | None = None,
    limits: Limits | None = None,
    deadline_s: float = 120.0,
) -> GitSnapshot:
    """Fetch one commit and write its tree as `into`/<commit>.tar, always the same bytes.

    `revision` is a full commit id, a branch, a tag, a full ref name or HEAD. The tar is bounded
    by `Limits.max_unpacked_bytes`, the transfer by `GitPolicy.max_transfer_bytes`, all of it by
    `deadline_s` seconds. Nothing but the tar is left in `into`.
    Raises SnapshotRefused; GitUnusableError where this machine's git is missing or too old.
    """
    policy, limits = policy or GitPolicy(), limits or Limits()
    _refuse_revision(revision)
    target = check_address(url, policy=policy)
    check_version(policy.git)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=into) as folder:
        git = Git(folder=Path(folder), policy=policy, target=target, deadline_s=deadline_s)
        try:
            commit = _fetch(git, target.url, revision, policy)
            tree = _resolve(git, f"{commit}^{{tree}}")
            signed_off = is_signed_off(git.run("cat-file", "commit", commit))
        except GitFailedError as error:
            raise _refusal(error.said) from error
        draft = Path(folder) / "snapshot.tar"
        skipped = write_tree(git=git, commit=commit, out=draft, limits=limits)
        snapshot = inspect_archive(draft, limits=_for_our_tar(limits))
        archive = into / f"{commit}.tar"
        draft.replace(archive)
    skipping = dataclasses.replace(snapshot, skipped=skipped)
    return GitSnapshot(archive, commit, tree, skipping, signed_off)


def is_signed_off(commit: bytes) -> bool:
    """Whether a commit object's message has a Signed-off-by with the address of its author."""
    head, _, message = commit.partition(b"\n\n")
    author = _AUTHOR.search(head)
    if author is None or not author[1].strip():
        return False
    signed = {one[1].strip().lower() for one in _SIGNED_OFF.finditer(message)}
    return author[1].strip().lower() in signed


def _for_our_tar(limits: Limits) -> Limits:
    """The bounds for a tar that we wrote: content was bounded already, headers come on top."""
    headers = limits.max_files * 4 * 1024
    whole = limits.max_unpacked_bytes + headers
    return dataclasses.replace(limits, max_archive_bytes=whole, max_unpacked_bytes=whole)


def _refuse_revision(revision: str) -> None:
    if (
        not _REF.fullmatch(revision)
        or ".." in revision
        or "@{" in revision
        or "//" in revision
        or revision.endswith((".", "/", ".lock"))
    ):
        raise SnapshotRefused(
            Code.BAD_REVISION,
            "This is no revision; give a branch, a tag or a full commit id.",
        )


def _fetch(git: Git, url: str, revision: str, policy: GitPolicy) -> str:
    """The full id of the commit that `revision` names, fetched."""
    if _FULL_ID.fullmatch(revision):
        _init(git, sha256=len(revision) == _SHA256_LENGTH)
        return _fetch_id(git, url, revision, policy)
    ref, sha256 = _find_ref(git, url, revision)
    _init(git, sha256=sha256)
    _fetch_refs(git, url, [f"+{ref}:refs/fetched/0"], depth=1)
    return _resolve(git, "refs/fetched/0^{commit}")


def _init(git: Git, *, sha256: bool) -> None:
    kind = "sha256" if sha256 else "sha1"
    git.run("init", "--bare", "--quiet", "--template=", f"--object-format={kind}")


def _fetch_refs(git: Git, url: str, refs: list[str], *, depth: int) -> None:
    git.run(
        "fetch", "--quiet", "--no-progress", "--no-tags", "--no-recurse-submodules",
        "--no-write-fetch-head", "--no-auto-maintenance", f"--depth={depth}", "--", url, *refs,
    )  # fmt: skip


def _resolve(git: Git, name: str) -> str:
    return git.run("rev-parse", "--verify", "--end-of-options", name).decode("ascii").strip()


def _fetch_id(git: Git, url: str, wanted: str, policy: GitPolicy) -> str:
    """Ask for the commit itself; where the server gives only refs, look for it below them."""
    try:
        _fetch_refs(git, url, [f"+{wanted}:refs/fetched/0"], depth=1)
    except GitFailedError as error:
        if _refusal(error.said).code is not Code.REVISION_NOT_FOUND:
            raise
        refs = ["+refs/heads/*:refs/fetched/heads/*", "+refs/tags/*:refs/fetched/tags/*"]
        _fetch_refs(git, url, refs, depth=policy.fallback_depth)
    try:
        return _resolve(git, f"{wanted}^{{commit}}")
    except GitFailedError:
        raise _not_found() from None


def _find_ref(git: Git, url: str, name: str) -> tuple[str, bool]:
    """The full name of the ref that `name` means (tags before branches), and if ids are SHA-256."""
    wanted = [name] if name.startswith("refs/") or name == "HEAD" else []
    wanted += [f"refs/tags/{name}", f"refs/heads/{name}"]
    listed = git.run("ls-remote", "--quiet", "--", url, *wanted).decode("utf-8", "replace")
    found = {ref: oid for oid, _, ref in (line.partition("\t") for line in listed.splitlines())}
    for ref in wanted:
        if ref in found:
            return ref, len(found[ref]) == _SHA256_LENGTH
    if _SHORT_ID.fullmatch(name):
        raise SnapshotRefused(
            Code.REVISION_NOT_FOUND,
            "No branch or tag has this name; a commit id must be given in full (40 or 64 digits).",
        )
    raise _not_found()


def _not_found() -> SnapshotRefused:
    return SnapshotRefused(
        Code.REVISION_NOT_FOUND,
        "The repository has no such revision that it gives out; push it, or name a branch or tag.",
    )


_SIGNS: tuple[tuple[Code, str, str], ...] = (
    (
        Code.REDIRECTED,
        r"redirect|The requested URL returned error: 30\d",
        "The server sends on to another address; give that address itself "
        "(often it is the same with .git at its end).",
    ),
    (
        Code.REVISION_NOT_FOUND,
        r"not our ref|unadvertised object|couldn't find remote ref|no such remote ref",
        "The repository has no such revision that it gives out; push it, or name a branch or tag.",
    ),
    (
        Code.PRIVATE_REPOSITORY,
        r"Authentication failed|could not read Username|could not read Password|error: 40[13]",
        "The repository is not public, or not there; make it public and look for a slip.",
    ),
    (
        Code.FETCH_FAILED,
        r"not found|error: 404",
        "There is no repository at this address; look for a slip in it.",
    ),
    (
        Code.NEEDS_TOO_MUCH_MEMORY,
        r"out of memory|cannot allocate|malloc failed|mmap failed",
        "Fetching the repository asks for too much memory; "
        "take large files out of it, or upload an archive.",
    ),
    (
        Code.CORRUPT,
        r"fsck|index-pack|unpack-objects|bad object|invalid object",
        "The repository's objects are damaged or out of the rules; "
        "run `git fsck --strict` on it and push again.",
    ),
)


def _refusal(said: str) -> SnapshotRefused:
    """What git's words mean; a server can put words there too, so they only choose a sentence."""
    for code, pattern, message in _SIGNS:
        if re.search(pattern, said, re.IGNORECASE):
            return SnapshotRefused(code, message, detail=said)
    return SnapshotRefused(
        Code.FETCH_FAILED,
        "The repository could not be fetched; see that it can be cloned by https without a "
        "password, and try again.",
        detail=said,
    )
