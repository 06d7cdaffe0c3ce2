"""Nobody learns what is not theirs: bait is there, and must not come out anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry
from concours.platform.core import clock
from concours.platform.evaluations import domain
from concours.platform.evaluations.domain import finishing
from concours.platform.evaluations.models import Evaluation
from concours.platform.record import domain as record
from tests.bait import stands_in
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.factories.people import organiser, person
from tests.platform.competitions.conftest import keyed, signed_in
from tests.platform.evaluations.conftest import World

pytestmark = pytest.mark.django_db

SEALED = 31337.125
PUBLIC = 4242.0
CASE = "bait-case"
DIGEST = "ba17" * 16
LOG = "bait-log-line"
FILE = b"bait-file"


def scored(world: World, *, split: str = "practice") -> Evaluation:
    """A scored run of our submission with bait in every field."""
    evaluation = runs.evaluation(of=world.submission, split=split)
    lease, _row = runs.taken(by=runs.worker())
    folder = f"{evaluation.code}/1/{CASE}"
    path = settings.EVALUATIONS_DIR / "artefacts" / folder
    path.mkdir(parents=True)
    for name in ("result.zip", "replay.html"):
        (path / name).write_bytes(FILE)
    files = [
        {"name": name, "size": len(FILE), "digest": DIGEST}
        for name in ("result.zip", "replay.html")
    ]
    values = {"right": PUBLIC, "margin": SEALED}
    case = runs.outcome(CASE, values=values, folder=folder, artefacts=files)
    assert runs.score(lease, values=values, digest=DIGEST, cases=[case], log=LOG)
    evaluation.refresh_from_db()
    return evaluation


def pages(evaluation: Evaluation) -> list[str]:
    entry, code = evaluation.submission.entry, evaluation.code
    track = entry.track
    case = f"/evaluations/{code}/cases/{CASE}"
    return [
        f"/entries/{entry.code}/",
        f"/entries/{entry.code}/evaluations/",
        f"/evaluations/{code}/",
        f"/evaluations/{code}/progress/",
        f"{case}/replay/",
        f"{case}/files/result.zip",
        f"{case}/files/replay.html",
        f"/seasons/{track.season.slug}/tracks/{track.slug}/evaluations/",
        f"/search/?q={code}",
        f"/search/?q={CASE}",
        "/record/",
        f"/record/?subject=evaluation:{code}",
        f"/admin/evaluations/evaluation/{evaluation.pk}/change/",
        "/workers/",
    ]


def operations(evaluation: Evaluation) -> list[str]:
    entry, code = evaluation.submission.entry, evaluation.code
    return [
        f"/api/v1/entries/{entry.code}/evaluations",
        f"/api/v1/evaluations/{code}",
        f"/api/v1/evaluations/{code}/cases",
        f"/api/v1/evaluations/{code}/cases/{CASE}/files/result.zip",
        f"/api/v1/evaluations/{entry.track.season.slug}/{entry.track.slug}/desk",
    ]


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode("utf-8", "replace"))


def found_in(text: str) -> set[str]:
    baits = {
        "sealed": ["31337"],
        "public": ["4242"],
        "case": [CASE],
        "digest": [DIGEST],
        "log": [LOG],
        "file": [FILE.decode()],
    }
    return {name for name, words in baits.items() if any(stands_in(text, word) for word in words)}


def read(client: Client, paths: list[str], **options: Any) -> dict[str, set[str]]:
    """What of the bait each path gives away; the path itself names the case where it does."""
    found = {}
    for path in paths:
        answer = client.get(path, **options)
        text = body(answer) if answer.status_code == 200 else ""
        found[path] = found_in(text.replace(path, "")) - ({"case"} if CASE in path else set())
    return found


def test_a_stranger_and_another_team_find_nothing(world: World) -> None:
    evaluation = scored(world)
    elsewhere = organiser(season=make.season())
    for reader in (None, person(), world.other, elsewhere):
        client = signed_in(reader)
        assert set().union(*read(client, pages(evaluation)).values()) == set(), reader
    for reader in (person(), world.other, elsewhere):
        given = read(Client(), operations(evaluation), **keyed(reader))
        assert set().union(*given.values()) == set(), reader
    for path in operations(evaluation):
        assert Client().get(path).status_code == 401


def test_the_team_reads_public_columns_cases_logs_and_files(world: World) -> None:
    evaluation = scored(world)

    given = read(signed_in(world.captain), pages(evaluation))

    code = evaluation.code
    assert given[f"/evaluations/{code}/"] == {"public", "case", "log"}
    assert given[f"/evaluations/{code}/cases/{CASE}/files/result.zip"] == {"file"}
    assert not any("sealed" in what for what in given.values())
    answers = read(Client(), operations(evaluation), **keyed(world.captain))
    assert answers[f"/api/v1/evaluations/{code}"] == {"public", "log"}
    assert not any("sealed" in what for what in answers.values())


def ranked(world: World, moment: Any = None) -> Evaluation:
    make.advance(world.track, to=PhaseKind.RANKING)
    with clock.frozen_at(make.day(2023, 4, 1)):
        world.submission.entry = Entry.objects.get(pk=world.entry.pk)
        return scored(world, split="ranking")


def test_of_sealed_cases_the_team_reads_the_public_total_alone(world: World) -> None:
    evaluation = ranked(world)
    case = f"/evaluations/{evaluation.code}/cases/{CASE}"

    given = read(signed_in(world.captain), pages(evaluation))
    answers = read(Client(), operations(evaluation), **keyed(world.captain))

    assert set().union(*given.values()) == {"public"}
    assert set().union(*answers.values()) == {"public"}
    for path in (f"{case}/replay/", f"{case}/files/result.zip"):
        assert signed_in(world.captain).get(path).status_code == 404


def test_sealed_columns_come_out_when_the_phase_shows_scores(world: World) -> None:
    evaluation = ranked(world)
    make.advance(world.track, to=PhaseKind.RESULT)

    given = read(signed_in(world.captain), [f"/evaluations/{evaluation.code}/"])

    assert list(given.values()) == [{"public", "sealed"}]


def test_the_final_tells_its_team_nothing_until_scores_are_shown(world: World) -> None:
    make.advance(world.track, to=PhaseKind.FINAL)
    with clock.frozen_at(make.day(2023, 6, 1)):
        world.submission.entry = Entry.objects.get(pk=world.entry.pk)
        evaluation = scored(world, split="final")

    given = read(signed_in(world.captain), pages(evaluation))

    assert set().union(*given.values()) == set()
    assert signed_in(world.captain).get(f"/evaluations/{evaluation.code}/").status_code == 200


def test_organisers_read_everything(world: World) -> None:
    evaluation = ranked(world)

    given = read(signed_in(world.staff), pages(evaluation))

    assert given[f"/evaluations/{evaluation.code}/"] == {"public", "sealed", "case", "log"}


def test_a_staged_reevaluation_is_hidden_from_its_team(world: World, tmp_path: Path) -> None:
    first = runs.evaluation(of=world.submission)
    runs.score(runs.taken(by=runs.worker())[0])
    second = runs.evaluator(of=world.track, folder=tmp_path, version="2")
    [again] = domain.enqueue_set(
        actor=world.staff, evaluator=second, evaluations=[first], reevaluation_code="s"
    )
    client = signed_in(world.captain)

    assert client.get(f"/evaluations/{again.code}/").status_code == 404
    assert again.code not in body(client.get(f"/entries/{world.entry.code}/"))
    assert client.post(f"/evaluations/{again.code}/cancel/").status_code == 404
    assert signed_in(world.staff).get(f"/evaluations/{again.code}/").status_code == 200


def test_a_faults_detail_is_for_organisers(world: World) -> None:
    evaluation = runs.evaluation(of=world.submission)
    lease, _row = runs.taken(by=runs.worker())
    finishing.finish_faulted(lease=lease, code="result", detail=LOG, seconds=1.0)

    theirs = read(signed_in(world.captain), pages(evaluation))
    api = read(Client(), operations(evaluation), **keyed(world.captain))

    assert set().union(*theirs.values(), *api.values()) == set()
    path = f"/evaluations/{evaluation.code}/"
    assert read(signed_in(world.staff), [path]) == {path: {"log"}}


def test_the_record_holds_a_seal_and_no_score(world: World) -> None:
    evaluation = ranked(world)

    lines = "".join(record.export_lines())

    assert found_in(lines) == set()
    events = [json.loads(line) for line in record.export_lines()]
    [event] = [one for one in events if one["verb"] == "evaluation.scored"]
    assert evaluation.seal in json.dumps(event)
    from concours.platform.evaluations.domain.sealing import seal_of

    content = {"evaluation": evaluation.code, "digest": DIGEST, "values": evaluation.values}
    assert seal_of(salt=evaluation.salt, content=content) == evaluation.seal


def test_the_secret_is_in_its_file_alone(world: World) -> None:
    from concours import evaluation
    from concours.platform.evaluations.domain import places

    path = places.secret_file(world.evaluator)
    secret = evaluation.read_secret(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert evaluation.commitment(secret) == world.evaluator.seed_commitment
    text = "".join(record.export_lines())
    assert secret.hex() not in text
    assert world.evaluator.seed_commitment in text


def test_a_replay_is_shut_into_a_sandbox(world: World) -> None:
    evaluation = scored(world)

    answer = signed_in(world.captain).get(f"/evaluations/{evaluation.code}/cases/{CASE}/replay/")

    policy = answer["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "connect-src 'none'" in policy
    assert "default-src 'none'" in policy
    file = signed_in(world.captain).get(
        f"/evaluations/{evaluation.code}/cases/{CASE}/files/replay.html"
    )
    assert file["Content-Disposition"].startswith("attachment")
    assert file["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("name", ["../../secret", "evaluator.toml", "%2e%2e%2fsealed"])
def test_only_listed_files_are_served(world: World, name: str) -> None:
    evaluation = scored(world)
    path = f"/evaluations/{evaluation.code}/cases/{CASE}/files/{name}"
    assert signed_in(world.captain).get(path).status_code == 404
