from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from concours import box
from concours.driving.results import sha256
from concours.evaluation import (
    BadSubmission,
    CaseState,
    load,
    orders,
    prepare,
    run_case,
    submissions,
)
from concours.evaluation.manifest import Evaluator
from concours.evaluation.prepared import read_prepared
from concours.snapshots import inspect_archive
from tests.factories.evaluators import ADDS, MANIFEST, write_archive, write_evaluator


@pytest.fixture
def evaluator(folder: Path) -> Evaluator:
    return load(folder)


def refused(evaluator: Evaluator, source: Path, into: Path) -> BadSubmission:
    with pytest.raises(BadSubmission) as caught:
        prepare(evaluator, source, into)
    return caught.value


def test_an_archive_and_its_folder_are_the_same(evaluator: Evaluator, tmp_path: Path) -> None:
    files = {"main.py": ADDS, "data/words.txt": "a\n"}
    archive = write_archive(tmp_path / "entry.zip", files)
    wrapped = write_archive(
        tmp_path / "wrapped.zip", {f"entry-1.0/{name}": text for name, text in files.items()}
    )
    plain = tmp_path / "plain"
    for name, text in files.items():
        (plain / name).parent.mkdir(parents=True, exist_ok=True)
        (plain / name).write_text(text)

    one, two, three = (
        prepare(evaluator, source, tmp_path / f"prepared-{number}")
        for number, source in enumerate((archive, wrapped, plain))
    )

    assert one.digest == two.digest == three.digest == inspect_archive(archive).content_digest
    assert (three.folder / "data/words.txt").read_text() == "a\n"
    assert read_prepared(one.root) == one


def test_a_large_repository_is_taken_though_it_is_not_compressed(
    evaluator: Evaluator, tmp_path: Path
) -> None:
    snapshot = tmp_path / "snapshot.tar"
    with tarfile.open(snapshot, "w") as archive:
        for name, content in (("main.py", ADDS.encode()), ("weights", bytes(60 * 2**20))):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))

    prepared = prepare(evaluator, snapshot, tmp_path / "prepared")

    assert (prepared.folder / "weights").stat().st_size == 60 * 2**20


def test_a_slow_machine_is_not_the_entrants_fault(
    evaluator: Evaluator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = write_archive(tmp_path / "entry.zip", {"main.py": ADDS})
    monkeypatch.setattr(submissions, "SECONDS", 0.0)

    with pytest.raises(TimeoutError, match="seconds"):
        prepare(evaluator, archive, tmp_path / "prepared")


def bomb(path: Path) -> Path:
    return write_archive(path, {"main.py": ADDS, "blank": bytes(600 * 2**20)})


def climbing(path: Path) -> Path:
    return write_archive(path, {"main.py": ADDS, "../../escaped.py": "1"})


def linked(path: Path) -> Path:
    with tarfile.open(path, "w") as archive:
        archive.addfile(tarfile.TarInfo("main.py"), io.BytesIO())
        link = tarfile.TarInfo("data")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    return path


def cut(path: Path) -> Path:
    whole = write_archive(path, {"main.py": ADDS * 100}).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def damaged(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("main.py", ADDS)
    whole = bytearray(path.read_bytes())
    whole[60] ^= 0xFF
    path.write_bytes(whole)
    return path


def text(path: Path) -> Path:
    path.write_text("I am no archive")
    return path


def nothing(path: Path) -> Path:
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (bomb, "unpacks to more than"),
        (climbing, "A path leaves the archive"),
        (linked, "A symbolic link points out"),
        (cut, "pack and upload it again"),
        (damaged, "A checksum is wrong"),
        (text, "no archive that can be read"),
        (nothing, "The file is empty"),
    ],
)
def test_a_bad_archive_is_the_entrants_fault_and_leaves_nothing(
    evaluator: Evaluator, tmp_path: Path, make: object, told: str
) -> None:
    assert callable(make)
    into = tmp_path / "prepared"
    error = refused(evaluator, make(tmp_path / "entry.bin"), into)
    assert error.code == "archive"
    assert told in error.reason or make is cut
    assert list((into / "submission").iterdir()) == []
    assert not (tmp_path / "escaped.py").exists()
    with pytest.raises(OSError, match=r"prepared\.json"):
        read_prepared(into)


def test_what_the_evaluator_runs_must_be_there(evaluator: Evaluator, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "entry.zip", {"program.py": ADDS})
    error = refused(evaluator, archive, tmp_path / "prepared")
    assert (error.code, error.reason) == ("missing", "There is no main.py; the evaluator runs it.")


def test_an_empty_folder_is_no_submission(evaluator: Evaluator, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert refused(evaluator, tmp_path / "empty", tmp_path / "prepared").code == "archive"


WHEEL = {
    "adding_up.py": "def up(numbers):\n    return sum(numbers)\n",
    "adding_up-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: adding-up\nVersion: 1.0\n",
    "adding_up-1.0.dist-info/WHEEL": (
        "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    ),
    "adding_up-1.0.dist-info/RECORD": "",
}
USES = ADDS.replace("import os", "import os\nfrom adding_up import up").replace(
    "sum(map(int, numbers))", "up(map(int, numbers))"
)
INSTALLS = MANIFEST.replace(
    "[sort]", '[install]\nwheels = "wheels"\npackages = ["adding-up", "absent"]\n\n[sort]'
)


def with_wheels(tmp_path: Path) -> Evaluator:
    folder = write_evaluator(tmp_path / "installing", manifest=INSTALLS)
    (folder / "wheels").mkdir()
    write_archive(folder / "wheels" / "adding_up-1.0-py3-none-any.whl", WHEEL)
    return load(folder)


def test_allowed_wheels_are_installed_in_a_box(boxed: None, tmp_path: Path) -> None:
    evaluator = with_wheels(tmp_path)
    files = {"main.py": USES, "requirements.txt": "adding-up==1.0\n"}
    archive = write_archive(tmp_path / "entry.zip", files)

    prepared = prepare(evaluator, archive, tmp_path / "prepared")

    assert prepared.site is not None
    assert (prepared.site / "adding_up.py").is_file()
    wheel = evaluator.folder / "wheels" / "adding_up-1.0-py3-none-any.whl"
    assert f"{sha256(wheel.read_bytes())}  {wheel.name}\n" in prepared.log
    result = run_case(next(orders(evaluator, prepared.root, "practice")))
    assert result.state is CaseState.SCORED, result.reason
    assert result.values["right"] == 100.0


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("requests\n", "'requests' is not among what is allowed"),
        ("absent\n", "No matching distribution found for absent"),
        ("git+https://example.org/x\n", "is no name with versions"),
        ("--index-url https://example.org\n", "is no name with versions"),
        ("x" * 70_000, "is no list of packages"),
        (b"\xff\xfe", "is no list of packages"),
    ],
)
def test_any_other_package_is_refused(
    boxed: None, tmp_path: Path, wanted: str | bytes, told: str
) -> None:
    files = {"main.py": ADDS, "requirements.txt": wanted}
    archive = write_archive(tmp_path / "entry.zip", files)
    error = refused(with_wheels(tmp_path), archive, tmp_path / "prepared")
    assert error.code == "install"
    assert told in error.reason


COMPILES = MANIFEST.replace("[sort]", '[install]\ncompile = ["python", "build.py"]\n\n[sort]')


def test_what_is_compiled_is_what_runs(boxed: None, tmp_path: Path) -> None:
    evaluator = load(write_evaluator(tmp_path / "compiling", manifest=COMPILES))
    build = f"import pathlib; pathlib.Path('main.py').write_text({ADDS!r}); print('built')"
    files = {"main.py": "1 / 0", "build.py": build, "data/words.txt": "a"}
    archive = write_archive(tmp_path / "entry.zip", files)

    prepared = prepare(evaluator, archive, tmp_path / "prepared")

    assert prepared.log == "built\n"
    assert (prepared.folder / "data/words.txt").read_text() == "a"
    result = run_case(next(orders(evaluator, prepared.root, "practice")))
    assert result.values == {"right": 100.0, "error": 0.0}, result.reason


def test_what_does_not_compile_is_the_entrants_fault(boxed: None, tmp_path: Path) -> None:
    evaluator = load(write_evaluator(tmp_path / "compiling", manifest=COMPILES))
    archive = write_archive(
        tmp_path / "entry.zip", {"main.py": ADDS, "build.py": "raise SystemExit('no compiler')"}
    )
    error = refused(evaluator, archive, tmp_path / "prepared")
    assert (error.code, error.log) == ("compile", "no compiler\n")
    assert "It does not compile" in error.reason


FULL = """\
import errno, sys
from pathlib import Path
from concours.evaluation import load, prepare
try:
    prepare(load(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3], "prepared"))
except OSError as error:
    raise SystemExit(0 if error.errno == errno.ENOSPC else str(error))
raise SystemExit("it went in")
"""


def test_a_full_disk_is_not_the_entrants_fault(folder: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("a file system of its own needs root and unshare")
    archive = write_archive(tmp_path / "entry.zip", {"main.py": ADDS, "large": os.urandom(2**20)})
    small = tmp_path / "small"
    small.mkdir()
    mounted = 'mount -t tmpfs -o size=64k none "$0" || exit 77; exec "$@" "$0"'
    done = subprocess.run(
        [
            "unshare", "--mount", "sh", "-c", mounted, str(small),
            sys.executable, "-c", FULL, str(folder), str(archive),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip(f"nothing can be mounted here: {done.stderr}")
    assert done.returncode == 0, done.stderr


SUMS = (
    "t=0; for n in $(cat $CONCOURS_INPUT/numbers.txt); do t=$((t + n)); done; printf $t > sum.txt"
)


@pytest.mark.xdist_group("podman")
@pytest.mark.slow
def test_an_image_is_a_submission_where_the_evaluator_takes_one(tmp_path: Path) -> None:
    from tests.box import archives

    program = archives.busybox()
    if program is None:
        pytest.skip("no static busybox on this machine (Debian: busybox-static)")
    try:
        box.strongest(image=True)
    except box.BoxMissing as missing:
        pytest.skip(str(missing))
    image = tmp_path / "image.tar"
    image.write_bytes(archives.docker_archive(archives.layer_of(program)))
    taken = MANIFEST.replace("[limits]", f'image = ["/bin/sh", "-c", "{SUMS}"]\n\n[limits]', 1)
    evaluator = load(write_evaluator(tmp_path / "images", manifest=taken))

    prepared = prepare(evaluator, image, tmp_path / "prepared")

    assert prepared.image_file is not None
    result = run_case(next(orders(evaluator, prepared.root, "practice")))
    assert result.values == {"right": 100.0, "error": 0.0}, result.reason
    assert result.layers["box"].startswith("podman")

    refusing = load(write_evaluator(tmp_path / "refusing"))
    assert refused(refusing, image, tmp_path / "refused").code == "missing"


def test_a_damaged_image_is_the_entrants_fault(tmp_path: Path) -> None:
    taken = MANIFEST.replace("[limits]", 'image = ["/run"]\n\n[limits]', 1)
    evaluator = load(write_evaluator(tmp_path / "images", manifest=taken))
    image = tmp_path / "image.tar"
    with tarfile.open(image, "w") as archive:
        archive.addfile(tarfile.TarInfo("oci-layout"), io.BytesIO())
        large = tarfile.TarInfo("blobs/layer")
        large.size = 10_000
        archive.addfile(large, io.BytesIO(bytes(10_000)))
    image.write_bytes(image.read_bytes()[:4_000])
    assert refused(evaluator, image, tmp_path / "prepared").code == "image"
