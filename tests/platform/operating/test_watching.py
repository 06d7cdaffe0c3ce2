"""Health, metrics and log lines: what they tell, and what they must not."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from concours.platform import background
from concours.platform.operating import beats, metrics
from concours.platform.operating.json_lines import JsonLines
from concours.platform.record.domain import head
from tests.factories import competitions as make
from tests.factories.people import person

pytestmark = pytest.mark.django_db
PASSWORD = "a-password-that-is-bait"


@pytest.fixture(autouse=True)
def own_data(settings: Any, tmp_path: Path) -> None:
    settings.CONFIG = replace(settings.CONFIG, data_dir=tmp_path)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the JSON log has so far, of all loggers from INFO on."""
    kept: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(self.format(record))

    handler, root = Keeping(), logging.getLogger()
    handler.setFormatter(JsonLines())
    names = ("", "concours.request", "django.request", "django.db.backends")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names[:3]:
        logging.getLogger(name).setLevel(logging.INFO)
    root.addHandler(handler)
    yield kept
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def samples(text: str) -> dict[str, float]:
    pairs = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_health_needs_no_database(
    client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.REHEARSAL = False
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_ready_tells_strangers_one_word(client: Client) -> None:
    ready = client.get("/readyz")
    without = client.get("/readyz?worker", REMOTE_ADDR="192.0.2.1")
    inside = client.get("/readyz?worker")
    beats.note(beats.PULSE)
    with_worker = client.get("/readyz?worker")

    assert (ready.status_code, ready.content) == (200, b"ready\n")
    assert (without.status_code, without.content) == (503, b"not ready\n")
    assert (inside.status_code, inside.content) == (503, b"not ready: worker\n")
    assert with_worker.status_code == 200


def test_a_missing_migration_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'awards'")
    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"not ready: schema\n")


@pytest.mark.parametrize("peer", ["192.0.2.1", "fd00::7", ""])
def test_metrics_are_for_this_machine(peer: str, client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR=peer).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200


def test_behind_a_proxy_metrics_need_the_token(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.CONFIG = replace(settings.CONFIG, https=True)
    local = client.get("/metrics")
    (tmp_path / "metrics.token").write_text("open-sesame\n")
    settings.CONFIG = replace(settings.CONFIG, metrics_token_file="metrics.token")
    given = [
        client.get("/metrics", REMOTE_ADDR="192.0.2.1", headers={"Authorization": value})
        for value in ("Bearer open-sesame", "Bearer open-sesam", "Bearer ", "")
    ]
    (tmp_path / "metrics.token").write_text("")
    emptied = client.get("/metrics", headers={"Authorization": "Bearer "})

    assert local.status_code == 404
    assert [one.status_code for one in given] == [200, 404, 404, 404]
    assert emptied.status_code == 404


def test_requests_are_counted_by_view_and_class(client: Client) -> None:
    before = samples(client.get("/metrics").content.decode())
    for _ in range(3):
        client.get("/about/")
    client.get("/seasons/none-such/")
    after = samples(client.get("/metrics").content.decode())

    def grown(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert grown('concours_requests_total{status="2xx",view="web:about"}') == 3
    assert grown('concours_requests_total{status="4xx",view="competitions:season"}') == 1
    assert grown('concours_request_seconds_count{view="web:about"}') == 3
    assert after["concours_record_events"] == head()[0]
    assert after["concours_tasks_waiting"] == after["concours_mails_waiting"] == 0
    assert after['concours_evaluations{state="queued"}'] == 0


@pytest.mark.django_db(transaction=True)
def test_chores_note_that_they_came_through(client: Client, monkeypatch: Any) -> None:
    def failing() -> None:
        raise ValueError("no")

    monkeypatch.setattr(background, "chores", lambda: {"good one": int, "bad one": failing})
    monkeypatch.setattr(background, "pulses", lambda: {"beat": int})
    background.run_chores()
    background.pulse()

    found = beats.read()
    assert set(found) == {"good-one", "beat", "pulse"}
    assert time.time() - found["good-one"] < 60
    name = 'concours_worker_last_success_timestamp_seconds{chore="good-one"}'
    assert samples(client.get("/metrics").content.decode())[name] == found["good-one"]


def test_nothing_people_typed_is_in_logs_or_metrics(
    spring: datetime, client: Client, lines: list[str]
) -> None:
    """Sign in, fail to, search, submit, and ask for what is not there."""
    entry = make.entry(in_track=make.track(), title="Bait of a title")
    captain = make.captain_of(entry.team)
    captain.set_password(PASSWORD)
    captain.name = "Baitname Person"
    captain.save()
    bait = [captain.email, "Baitname", PASSWORD, entry.code, "Bait of a title", "sought-bait"]
    bait += ["198.51.100.77", "key-of-bait", entry.team.name, captain.code]

    client.post("/account/login/", {"login": captain.email, "password": "sought-bait"})
    client.post("/account/login/", {"login": captain.email, "password": PASSWORD})
    client.force_login(captain)
    client.get("/search/?q=sought-bait", REMOTE_ADDR="198.51.100.77")
    client.post(f"/entries/{entry.code}/upload/", {"archive": "sought-bait"})
    client.get(f"/entries/{entry.code}/")
    client.get("/invitations/key-of-bait/")
    client.get(f"/nowhere/{captain.email}?token=sought-bait")
    client.get("/", headers={"host": "sought-bait"})
    client.get("/about/", headers={"X-Request-ID": "sought-bait@"})
    raising = Client(raise_request_exception=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("concours.platform.web.interfaces.pages.render", _raise_with(captain.email))
        assert raising.get("/about/").status_code == 500

    text = "\n".join(lines) + metrics.exposition().decode()
    assert [one for one in bait if one in text] == []
    told = [json.loads(line) for line in lines]
    seen = [one for one in told if one["logger"] == "concours.request"]
    assert {"at", "level", "logger", "request", "message", "view", "method", "status", "ms"} == set(
        seen[0]
    )
    assert {"account_login", "web:search", "none"} <= {one["view"] for one in seen}
    failed = [one for one in told if "exception" in one]
    assert "ValueError" in {one["exception"] for one in failed}
    assert all(one["request"] for one in failed)


def _raise_with(text: str) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"duplicate key (email)=({text})")

    return fail


def test_a_requests_number_is_answered(client: Client) -> None:
    given = client.get("/about/", headers={"X-Request-ID": "from-the-proxy-1"})
    made = client.get("/about/", headers={"X-Request-ID": "short"})
    foreign = client.get(
        "/about/", headers={"X-Request-ID": "from-a-stranger"}, REMOTE_ADDR="192.0.2.1"
    )

    assert given["X-Request-ID"] == "from-the-proxy-1"
    assert len(made["X-Request-ID"]) == len(foreign["X-Request-ID"]) == 16


def test_anonymous_people_leave_nothing_either(client: Client, lines: list[str]) -> None:
    person(email="bait@example.org")
    client.post("/account/password/reset/", {"email": "bait@example.org"})

    assert "bait" not in "\n".join(lines)


def test_first_requests_on_many_threads_count_together() -> None:
    """In a process of its own, where nobody has counted yet."""
    code = (
        "import time\n"
        "from threading import Barrier, Thread\n"
        "from concours.platform.operating import metrics\n"
        "import prometheus_client\n"
        "Counter = prometheus_client.Counter\n"
        "def slow(*given): time.sleep(0.1); return Counter(*given)\n"
        "prometheus_client.Counter = slow\n"
        "ready, failed = Barrier(16), []\n"
        "def ask():\n"
        "    ready.wait()\n"
        "    try: metrics.observe(view='v', status=200, seconds=0.1)\n"
        "    except ValueError as error: failed.append(error)\n"
        "threads = [Thread(target=ask) for _ in range(16)]\n"
        "[one.start() for one in threads]; [one.join() for one in threads]\n"
        "value = prometheus_client.REGISTRY.get_sample_value\n"
        "print(failed, value('concours_requests_total', {'view': 'v', 'status': '2xx'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("[] 16.0\n", "")
