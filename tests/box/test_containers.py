"""Programs that bring their own image, in a container."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from concours.box import (
    BoxMissing,
    Ending,
    Limits,
    Mount,
    Order,
    Outcome,
    cgroups,
    engine,
    images,
    layers,
    run,
)
from tests.box import archives

pytestmark = pytest.mark.xdist_group("containers")
MIB = 2**20
Shell = Callable[..., Outcome]


@pytest.fixture(scope="module", params=[engine.PODMAN, engine.DOCKER], autouse=True)
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each engine in turn, as if the other were not there."""
    if archives.busybox() is None:
        pytest.skip("no static busybox on this machine (Debian: busybox-static)")
    every = engine._candidates
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            engine, "_candidates", lambda: [one for one in every() if one[0].kind == request.param]
        )
        engine.working.cache_clear()
        if why := layers.container_fault():
            pytest.skip(f"no {request.param} here: {why}")
        yield request.param
    engine.working.cache_clear()


@pytest.fixture(scope="module")
def image(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A docker archive of this machine's busybox."""
    program = archives.busybox()
    assert program is not None
    path = tmp_path_factory.mktemp("image") / "image.tar"
    path.write_bytes(archives.docker_archive(archives.layer_of(program)))
    return path


@pytest.fixture
def shell(image: Path) -> Shell:
    """Runs a line of shell in it."""

    def act(text: str, *, collect: Path | None = None, **more: Any) -> Outcome:
        return run(Order(argv=["/bin/sh", "-c", text], image=image, **more), collect=collect)

    return act


def test_a_program_of_the_image_runs(shell: Shell, tmp_path: Path, kind: str) -> None:
    outcome = shell(
        "cat /etc/inside; echo err >&2; echo 1 > one; ln -s one two; exit 3", collect=tmp_path
    )

    assert (outcome.ending, outcome.exit_code) == (Ending.EXITED, 3)
    assert (outcome.stdout, outcome.stderr) == (b"of the image", b"err\n")
    assert [one.name for one in tmp_path.iterdir()] == ["one"]
    assert "'two' (a link)" in outcome.reason
    assert outcome.layers["box"].startswith(kind)


def test_an_oci_archive_runs_as_well(tmp_path: Path, kind: str) -> None:
    program = archives.busybox()
    assert program is not None
    path = tmp_path / "oci.tar"
    path.write_bytes(archives.oci_archive(archives.layer_of(program)))

    order = Order(argv=["/bin/cat", "/etc/inside"], image=path)
    if kind == engine.DOCKER:
        with pytest.raises(images.BadImage, match="of OCI alone"):
            run(order)
    else:
        assert run(order).stdout == b"of the image"


def test_images_of_the_same_layers_come_and_go_at_once(shell: Shell) -> None:
    """Podman then at times does not know a layer that another's removal took with it."""
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(shell, ["exit 7"] * 24))

    assert {(one.ending, one.exit_code) for one in outcomes} == {(Ending.EXITED, 7)}


def test_it_is_shut_in(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "given").write_text("given")
    text = """
    id -u; cat /in/given; echo
    cat /proc/self/status | while read key value; do
        case $key in CapEff:|CapBnd:|NoNewPrivs:|Seccomp:) echo $key $value;; esac
    done
    touch /x /in/x; env; cat /proc/net/dev
    """

    outcome = shell(text, mounts=[Mount(source=tmp_path, target="/in")])
    lines = outcome.stdout.decode().splitlines()

    assert int(lines[0]) >= 65534
    assert lines[1] == "given"
    assert [line.split()[1] for line in lines[2:6]] == ["0" * 16, "0" * 16, "1", "2"]
    told = outcome.stdout.decode()
    assert "SMUGGLED" not in told
    assert "eth" not in told
    assert sorted(one.name for one in tmp_path.iterdir()) == ["given"]


def test_nothing_can_be_written_but_scratch(shell: Shell) -> None:
    outcome = shell("for d in / /bin /etc /proc /sys /scratch; do touch $d/new && echo $d; done")

    assert outcome.stdout == b"/scratch\n"


def test_nobody_outside_can_be_spoken_to(shell: Shell) -> None:
    text = (
        "for host in 127.0.0.1 10.0.0.1 169.254.169.254; do nc $host 22 </dev/null; echo $?; done"
    )

    outcome = shell(text)

    assert outcome.stdout.split() == [b"1", b"1", b"1"]
    assert b"open" not in outcome.stderr


@pytest.mark.parametrize(
    ("text", "limits", "ending"),
    [
        ("sleep 60", {"wall_seconds": 0.5}, Ending.WALL_TIME),
        ("while :; do :; done", {"cpu_seconds": 1, "wall_seconds": 30}, Ending.CPU_TIME),
        ("yes", {"output_bytes": 1000}, Ending.OUTPUT),
        ("dd if=/dev/zero of=big bs=1M count=9", {"scratch_bytes": MIB}, Ending.DISK),
    ],
    ids="wall cpu output disk".split(),
)
def test_limits(shell: Shell, text: str, limits: dict[str, Any], ending: Ending) -> None:
    assert shell(text, limits=Limits(**limits)).ending is ending


@pytest.mark.skipif(not cgroups.place().version, reason="no control groups on this machine")
def test_memory(shell: Shell) -> None:
    text = "x=$(dd if=/dev/zero bs=1M count=400 | tr '\\0' 'a'); echo ${#x}"

    outcome = shell(text, limits=Limits(memory=20 * MIB, scratch_bytes=MIB, wall_seconds=60))

    assert outcome.ending is Ending.MEMORY


def test_a_fork_bomb(shell: Shell) -> None:
    text = "bomb() { bomb | bomb & }; bomb; sleep 60"

    outcome = shell(text, limits=Limits(processes=20, wall_seconds=2))

    assert outcome.ending in {Ending.WALL_TIME, Ending.EXITED}


def test_input_comes_from_a_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "input").write_bytes(b"3 4")

    assert shell("cat", stdin=tmp_path / "input").stdout == b"3 4"


def test_a_program_that_is_not_in_the_image(image: Path) -> None:
    with pytest.raises(images.BadImage, match="in the image"):
        run(Order(argv=["/bin/none"], image=image))


def test_no_image_brings_a_folder_on_disk(tmp_path: Path, kind: str) -> None:
    """What an image declares as a volume is not made, or the image is refused."""
    program = archives.busybox()
    assert program is not None
    layer = archives.layer_of(program)
    path = tmp_path / "volume.tar"
    path.write_bytes(archives.docker_archive(layer, volumes=["/data"]))
    order = Order(argv=["/bin/sh", "-c", "echo > /data/new && echo made"], image=path)

    if kind == engine.DOCKER:
        with pytest.raises(images.BadImage, match="VOLUME"):
            run(order)
    else:
        assert b"made" not in run(order).stdout


def test_an_archive_that_is_none_is_the_entrants_fault(tmp_path: Path) -> None:
    (tmp_path / "image.tar").write_bytes(b"x" * 9999)

    with pytest.raises(images.BadImage):
        run(Order(argv=["/bin/true"], image=tmp_path / "image.tar"))


def ours() -> set[str]:
    """Names of containers and images of the box that are there now, other tests' included."""
    told = ""
    for words in (["ps", "--all"], ["images", "--all"]):
        told += subprocess.run(
            engine.working().words(*words), capture_output=True, text=True, check=True
        ).stdout
    return set(re.findall(r"concours-box-[0-9a-f]+", told))


def test_nothing_is_left_behind(shell: Shell) -> None:
    shell("true")

    left = ours()
    until = time.monotonic() + 60
    while left and time.monotonic() < until:  # those of other tests end soon
        time.sleep(1)
        left &= ours()
    assert left == set()


def test_without_an_engine_an_image_is_refused(
    image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    engine.working.cache_clear()
    try:
        with pytest.raises(BoxMissing, match="neither podman nor docker is installed"):
            run(Order(argv=["/bin/true"], image=image))
    finally:
        monkeypatch.undo()
        engine.working.cache_clear()
