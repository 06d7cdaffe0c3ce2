"""Installations in folders and databases of their own, used by commands in their own processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installation:
    """`config` names the settings file; the data folder is `data`."""

    data: Path
    config: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("CONCOURS", "DJANGO", "COV"))
        }
        own = {"CONCOURS_CONFIG": str(self.config), "COLUMNS": "200", "PYTHONPATH": str(ROOT)}
        return {**kept, **own, "DJANGO_SETTINGS_MODULE": "concours.platform.settings"}

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments], env=self.environment, cwd=ROOT, text=True, **more
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`concours <arguments>`, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "concours", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def inside(self, script: str, function: str, **arguments: Any) -> Any:
        """What a function of `script` (a module that ends in `answer(globals())`) returns."""
        done = subprocess.run(
            [sys.executable, "-m", script, function, json.dumps(arguments)],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])


def answer(functions: dict[str, Any]) -> None:
    """Print, as JSON, what the function named on the command line returns."""
    told = json.dumps(functions[sys.argv[1]](**json.loads(sys.argv[2])))
    sys.stdout.write(f"{told}\n")


def installation(folder: Path, *, engine: str, extra: str = "") -> Installation:
    """A new one without a schema; on PostgreSQL in a new database of CONCOURS_TEST_PGHOST."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f'data_dir = "{folder / "data"}"', extra]
    if engine == "postgresql":
        lines.append(_new_database())
    config = folder / "concours.toml"
    config.write_text("\n".join(lines), encoding="utf-8")
    return Installation(folder / "data", config)


def _new_database() -> str:
    import psycopg

    host, port, user = where = (
        os.environ["CONCOURS_TEST_PGHOST"],
        os.environ.get("CONCOURS_TEST_PGPORT", "5432"),
        os.environ.get("CONCOURS_TEST_PGUSER", "concours"),
    )
    name = f"concours_{uuid4().hex[:12]}"
    with psycopg.connect(
        dbname="postgres", host=host, port=port, user=user, autocommit=True
    ) as control:
        control.execute(f"CREATE DATABASE {name}")
    return '[database]\nname = "{}"\nhost = "{}"\nport = "{}"\nuser = "{}"'.format(name, *where)
