"""PostgreSQL is stopped hard under a worker in mid-run, and started again."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.boxes import IN_CI, require_box
from tests.platform.evaluations.conftest import until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
SETUP = ROOT / "scripts/setup_postgres.sh"
HELD = "SELECT state, attempts, losses, log FROM evaluations_evaluation"


class Server:
    """A PostgreSQL of the test's own, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def act(self, action: str) -> None:
        subprocess.run([SETUP, action, str(self.folder)], check=True)

    def ask(self, query: str, *, database: str = "concours") -> list[tuple[Any, ...]]:
        with psycopg.connect(
            host=str(self.folder), user="concours", dbname=database, autocommit=True
        ) as connection:
            found = connection.execute(query)
            return found.fetchall() if found.description else []

    def run(self) -> tuple[Any, ...]:
        """State, attempts, losses and log of the one evaluation."""
        [row] = self.ask(HELD)
        return row


@pytest.fixture
def server() -> Iterator[Server]:
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb"), *_at_hand()]
    if not found and not IN_CI:
        pytest.skip("PostgreSQL is not installed")
    # Not below pytest's folders, which the server's own user cannot enter.
    with tempfile.TemporaryDirectory(prefix="concours-postgres-") as name:
        made = Server(Path(name))
        made.act("start")
        try:
            made.ask("CREATE DATABASE concours", database="postgres")
            yield made
        finally:
            made.act("stop")


def _at_hand() -> list[Path]:
    return [path for path in (Path("/usr/local/bin/initdb"),) if path.exists()]


def test_a_run_outlives_its_database(server: Server, tmp_path: Path) -> None:
    require_box()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings_worker",
        "CONCOURS_TEST_DATABASE": "postgresql",
        "CONCOURS_TEST_PGHOST": str(server.folder),
        "CONCOURS_TEST_NAME": "concours",
        "CONCOURS_TEST_FILES": str(tmp_path / "files"),
        "CONCOURS_TEST_EVALUATIONS": str(tmp_path / "evaluations"),
    }

    said = tmp_path / "said.txt"

    def start(*words: str) -> subprocess.Popen[bytes]:
        with said.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *words], env=environment, cwd=ROOT, stderr=log
            )

    for words in (
        ("concours", "migrate"),
        ("tests.platform.evaluations.furnishing", str(tmp_path)),
    ):
        done = start(*words)
        assert done.wait() == 0, said.read_text()
    worker = start("concours", "worker")
    try:
        until(lambda: "asleep" in server.run()[3])

        server.act("stop")
        with pytest.raises(psycopg.OperationalError):
            server.run()
        until(lambda: "the pulse waits" in said.read_text())
        server.act("start")

        until(lambda: server.run()[0] == "scored")
        assert server.run()[1:3] == (1, 0)
        verb = "SELECT count(*) FROM record_event WHERE verb = 'evaluation.scored'"
        assert server.ask(verb) == [(1,)]
        assert server.ask("SELECT failures FROM evaluations_worker") == [(0,)]
        assert worker.poll() is None
    finally:
        worker.terminate()
        worker.wait(timeout=60)
    assert "Exception in thread" not in said.read_text()
