"""Good archives: one content, one digest, however packed, and the same by standard tools."""

import bz2
import gzip
import hashlib
import io
import lzma
import subprocess
import tarfile
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from concours.snapshots import (
    Code,
    Limits,
    SnapshotRefused,
    describe,
    fetch_commit,
    inspect_archive,
    read_member,
)
from tests.snapshots.conftest import Forge, commit_all, git, write_project

DOCS = Path(__file__).parents[2] / "docs/explanation/snapshots.md"


def recipe(number: int) -> str:
    """A command of the documentation, so that what it tells people is what is tested."""
    return DOCS.read_text().split("```bash\n")[number + 1].split("```")[0]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project-1.0"
    folder.mkdir()
    return write_project(folder)


def by_standard_tools(folder: Path) -> str:
    done = subprocess.run(["bash", "-c", recipe(0)], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode().split()[0]


def packed(folder: Path, name: str) -> Path:
    """`folder` packed by Python's own writers or by the tar of this machine."""
    out = folder.parent / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*"), reverse=True):
                archive.write(path, path.relative_to(folder.parent))
        return out
    flags = {"tar": "-cf", "gz": "-czf", "bz2": "-cjf", "xz": "-cJf"}[name.rpartition(".")[2]]
    subprocess.run(
        ["tar", flags, out, f"--format={name.split('.')[0]}", folder.name],
        cwd=folder.parent,
        check=True,
    )
    return out


def packed_with_python(folder: Path, form: int) -> Path:
    out = folder.parent / f"python-{form}.tar"
    with tarfile.open(out, "w", format=form) as archive:
        archive.add(folder, "./other-name")
    return out


@pytest.mark.parametrize(
    "name",
    ["a.zip", "gnu.tar", "pax.tar", "ustar.tar", "gnu.tar.gz", "pax.tar.gz", "gnu.tar.bz2",
     "gnu.tar.xz"],
)  # fmt: skip
def test_digests_are_those_of_standard_tools(project: Path, name: str) -> None:
    archive = packed(project, name)

    got = inspect_archive(archive)

    assert got.content_digest == by_standard_tools(project)
    assert got.digest == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert got.size == archive.stat().st_size
    assert got.root == "project-1.0"
    assert got.skipped == ()
    assert got.unpacked_size == sum(
        path.stat().st_size for path in project.rglob("*") if path.is_file()
    )
    listed = {entry.path: entry.sha256 for entry in got.files}
    assert listed == {
        str(path.relative_to(project)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in project.rglob("*")
        if path.is_file()
    }


def test_same_tree_from_git_and_by_other_packers_has_the_same_content(
    project: Path, forge: Forge, tmp_path: Path
) -> None:
    expected = inspect_archive(packed(project, "a.zip")).content_digest
    tars = [packed_with_python(project, form) for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)]
    bare = tmp_path / "bare.tar"
    subprocess.run(["tar", "-cf", bare, "-C", project, "."], check=True)
    folder = forge.folder / "same-tree"
    subprocess.run(["cp", "-r", project, folder], check=True)
    git(folder, "init", "--quiet")
    commit = commit_all(folder)
    command = ["bash", "-c", f"COMMIT={commit}\n{recipe(1)}"]
    from_git = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout

    got = fetch_commit(
        url=forge.url("same-tree"), revision="main", into=tmp_path, policy=forge.policy()
    )

    assert got.snapshot.content_digest == expected
    assert from_git.decode().split()[0] == expected
    assert [inspect_archive(tar).content_digest for tar in (*tars, bare)] == [expected] * 3


def test_archives_that_git_itself_makes_are_read(project: Path) -> None:
    git(project, "init", "--quiet")
    (project / ".gitattributes").unlink()
    commit_all(project)
    expected = ""
    for form in ("tar", "zip", "tar.gz"):
        out = project.parent / f"git.{form}"
        git(project, "archive", f"--format={form}", "--prefix=p/", "-o", str(out), "HEAD")
        got = inspect_archive(out)
        assert got.root == "p"
        assert expected in ("", got.content_digest)
        expected = got.content_digest


def test_streams_one_after_another_and_padding(project: Path) -> None:
    raw = packed(project, "gnu.tar").read_bytes()
    half = len(raw) // 2
    out = project.parent / "many"
    for compress in (gzip.compress, bz2.compress, lzma.compress):
        out.write_bytes(compress(raw[:half]) + compress(raw[half:]))
        assert inspect_archive(out).content_digest == by_standard_tools(project)
    for compress in (gzip.compress, lzma.compress):
        out.write_bytes(compress(raw) + bytes(8))
        assert inspect_archive(out).content_digest == by_standard_tools(project)


def test_zip_written_to_a_pipe_has_descriptors_and_zip64(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    for force in (False, True):
        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in ("a", "b"):
                with archive.open(name, "w", force_zip64=force) as member:
                    member.write(name.encode() * 1000)
            archive.comment = b"a" * 40
        out = tmp_path / "pipe.zip"
        out.write_bytes(pipe.data)
        assert [entry.size for entry in inspect_archive(out).files] == [1000, 1000]


def test_links_that_stay_inside_are_listed(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    (folder / "docs").mkdir(parents=True)
    (folder / "README").write_text("text")
    (folder / "docs/README").symlink_to("../README")
    (folder / "docs/gone").symlink_to("never/was")
    tar = tmp_path / "p.tar"
    subprocess.run(["tar", "-cf", tar, "p"], cwd=tmp_path, check=True)
    zipped = tmp_path / "p.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(folder / "README", "p/README")
        for name, target in (("p/docs/README", "../README"), ("p/docs/gone", "never/was")):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o120777 << 16
            archive.writestr(info, target)

    for path in (tar, zipped):
        got = inspect_archive(path)
        assert [(one.path, one.target) for one in got.skipped] == [
            ("p/docs/README", "../README"),
            ("p/docs/gone", "never/was"),
        ]
        assert [entry.path for entry in got.files] == ["README"]


def test_read_member_and_describe(project: Path) -> None:
    (project / "README.md").write_bytes(b"\xef\xbb\xbfA\r\nB\x1b[31m \xff\n" + b"x" * 300_000)
    for name in ("a.zip", "gnu.tar.gz"):
        archive = packed(project, name)
        snapshot = inspect_archive(archive)

        assert read_member(archive, "LICENSE", max_bytes=6, root=snapshot.root) == b"Mulan "
        with pytest.raises(SnapshotRefused) as caught:
            read_member(archive, "absent", max_bytes=6, root=snapshot.root)
        assert caught.value.code is Code.NO_SUCH_MEMBER

        about = describe(snapshot, archive)
        assert about["readme"] is not None
        assert about["readme"]["text"].startswith("A\nB[31m \ufffd\nxxx")
        assert len(about["readme"]["text"].encode()) <= 200_000
        assert about["readme"]["truncated"]
        assert about["licences"] == ["LICENSE"]
        shares = {one["language"]: one["bytes"] for one in about["languages"]}
        assert shares["Python"] == len("print('hello')\n") + len("# \u4e2d\u6587\n".encode())
        assert sum(one["share"] for one in about["languages"]) == pytest.approx(1)


def test_memory_does_not_grow_with_content(tmp_path: Path) -> None:
    """20 MB of content are read in less than 3 MB of Python memory, whatever the packing."""
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz", compresslevel=1) as tar:
        info = tarfile.TarInfo("noise")
        block = hashlib.shake_256(b"n").digest(1 << 20)
        info.size = 20 << 20
        tar.addfile(info, io.BytesIO(block * 20))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("noise", block * 20)
    for name in ("a.tar.gz", "a.zip"):
        tracemalloc.start()
        got = inspect_archive(tmp_path / name)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert got.unpacked_size == 20 << 20
        assert peak < 3 << 20


def test_twenty_thousand_files_are_read_in_seconds(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(20_000):
            archive.writestr(f"p/{number % 97}/{number}.txt", b"")
    start = time.monotonic()
    got = inspect_archive(tmp_path / "a.zip")
    assert len(got.files) == Limits().max_files
    assert time.monotonic() - start < 20
