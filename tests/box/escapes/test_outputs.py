"""Tries to have something else copied out than what the program wrote."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.boxes import needs_box

from .trying import ended

pytestmark = needs_box

LINKS = {
    "to a file outside": ("os.symlink({secret!r}, 'out')", "a link"),
    "to a folder outside": ("os.symlink({folder!r}, 'out')", "a link"),
    "upwards": ("os.symlink('../../../../..' + {secret!r}, 'out')", "a link"),
    "to another process": ("os.symlink('/proc/1/root' + {secret!r}, 'out')", "a link"),
    "to itself": ("os.symlink('out', 'out')", "a link"),
    "to a file inside": ("open('/tmp/x', 'w').close(); os.symlink('/tmp/x', 'out')", "a link"),
}


@pytest.mark.parametrize("name", LINKS)
def test_links(name: str, secret: str, secret_file: Path, tmp_path: Path) -> None:
    code, why = LINKS[name]
    text = code.format(secret=str(secret_file), folder=str(secret_file.parent))

    outcome = ended(f"{text}; open('plain', 'w').write('plain')", collect=tmp_path)

    assert secret_file.read_text() == secret
    assert [one.name for one in tmp_path.iterdir()] == ["plain"]
    assert f"'out' ({why})" in outcome.reason


@pytest.mark.parametrize("kind", ["fifo", "socket"])
def test_what_would_wait_for_ever(kind: str, tmp_path: Path) -> None:
    make = {"fifo": "os.mkfifo('out')", "socket": "socket.socket(socket.AF_UNIX).bind('out')"}
    began = time.monotonic()

    outcome = ended(make[kind], collect=tmp_path)

    assert f"'out' (a {kind})" in outcome.reason
    assert list(tmp_path.iterdir()) == []
    assert time.monotonic() - began < 30.0


def test_one_file_under_many_names(tmp_path: Path) -> None:
    code = """
    open('one', 'wb').write(bytes(1 << 20))
    for number in range(900): os.link('one', f'again-{number:03}')
    """

    outcome = ended(code, collect=tmp_path)

    size = sum(one.stat().st_size for one in tmp_path.iterdir())
    assert size <= 256 * 2**20
    assert "too large" in outcome.reason


def test_a_folder_that_is_exchanged_for_a_link_at_the_end(
    secret: str, secret_file: Path, tmp_path: Path
) -> None:
    # The box has ended before anything is copied: whoever exchanges them is gone.
    code = f"""
    if os.fork() == 0:
        while True:
            os.mkdir('out'); open('out/' + {secret_file.name!r}, 'w').close()
            os.rename('out', 'old')
            os.symlink({str(secret_file.parent)!r}, 'out')
            os.unlink('out'); os.unlink('old/' + {secret_file.name!r}); os.rmdir('old')
    import time; time.sleep(0.3)
    """

    ended(code, collect=tmp_path)

    assert secret not in "".join(one.read_text() for one in tmp_path.rglob("*") if one.is_file())


def test_names_that_lead_upwards(tmp_path: Path) -> None:
    code = """
    attempt(lambda: os.mkdir('..\\\\..'))
    open('.. ', 'w').write('x'); open('-rf', 'w').write('y'); open('~', 'w').write('z')
    """
    (tmp_path / "into").mkdir()

    ended(code, collect=tmp_path / "into")

    assert [one.name for one in tmp_path.iterdir()] == ["into"]


def test_programs_are_not_made_powerful(tmp_path: Path) -> None:
    code = "open('out', 'w').close(); os.chmod('out', 0o7777)"

    ended(code, collect=tmp_path)

    assert (tmp_path / "out").stat().st_mode & 0o7777 == 0o755
