"""Writing to the record and reading it back, on the real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from concours.platform.core.actors import System
from concours.platform.record import domain, triggers
from concours.platform.record.models import ChainHead, Event
from tests.factories.people import person

ACTOR = System("tests")


def append(count: int = 1) -> list[Event]:
    with transaction.atomic():
        return [
            domain.append(
                actor=ACTOR,
                verb="thing.done",
                subject=f"thing:{number}",
                season="s",
                data={"n": number},
            )
            for number in range(count)
        ]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        domain.append(actor=ACTOR, verb="x", subject="y")

    assert Event.objects.count() == 0


@pytest.mark.django_db
def test_the_record_names_people_by_code_only() -> None:
    somebody = person(name="Ada Lovelace", email="ada@example.org")

    with transaction.atomic():
        event = domain.append(actor=somebody, verb="thing.done", subject=somebody)

    assert event.actor == f"user:{somebody.code}"
    assert "Ada" not in domain.verifying.chain.to_line(event.as_data())
    assert "ada@" not in domain.verifying.chain.to_line(event.as_data())


@pytest.mark.django_db
def test_somebody_unknown_cannot_be_an_actor() -> None:
    from django.contrib.auth.models import AnonymousUser

    with pytest.raises(ValueError, match="signed-in"):
        domain.append(actor=AnonymousUser(), verb="x", subject="y")


@pytest.mark.django_db
def test_a_fresh_and_a_filled_record_hold() -> None:
    assert domain.verify().holds

    append(5)

    report = domain.verify()
    assert report.holds
    assert report.count == 5


@pytest.mark.django_db
def test_an_event_of_a_change_that_fails_is_gone_with_it() -> None:
    append(2)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        domain.append(actor=ACTOR, verb="thing.done", subject="thing:lost")
        raise ZeroDivisionError

    assert domain.head()[0] == 2
    assert domain.verify().holds


CHANGES: dict[str, Any] = {
    "at": None,
    "actor": "user:someone",
    "via": "admin",
    "verb": "thing.undone",
    "subject": "thing:other",
    "season": "t",
    "data": '{"n":7}',
    "previous": "f" * 64,
    "digest": "e" * 64,
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [field.name for field in Event._meta.fields])
def test_a_change_of_any_column_is_found(name: str) -> None:
    events = append(4)
    target = events[2]
    if name == "seq":
        Event.objects.filter(pk=target.pk).update(seq=99)
    else:
        value = target.at + timedelta(microseconds=1) if name == "at" else CHANGES[name]
        Event.objects.filter(pk=target.pk).update(**{name: value})

    assert not domain.verify().holds


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"count": 3}, {"digest": "0" * 64}])
def test_a_change_of_the_head_is_found(change: dict[str, Any]) -> None:
    append(4)

    ChainHead.objects.update(**change)

    assert not domain.verify().holds


@pytest.mark.django_db
def test_a_cut_tail_is_found() -> None:
    append(4)

    Event.objects.filter(seq=4).delete()

    assert not domain.verify().holds


@pytest.mark.django_db
def test_a_tail_cut_together_with_the_head_is_found_by_a_noted_digest() -> None:
    events = append(4)
    noted = events[3].digest

    Event.objects.filter(seq=4).delete()
    ChainHead.objects.update(count=3, digest=events[2].digest)

    assert domain.verify().holds
    assert not domain.verify(expected_head=noted).holds


@pytest.mark.django_db
def test_an_export_verifies_without_the_database_and_a_changed_one_does_not() -> None:
    append(4)
    lines = list(domain.export_lines())

    assert domain.verify_lines(lines).holds
    assert domain.verify_lines(lines).head == domain.head()[1]
    assert not domain.verify_lines([lines[0].replace("thing:0", "thing:9"), *lines[1:]]).holds
    assert not domain.verify_lines([lines[0], "rubbish\n", *lines[1:]]).holds
    assert not domain.verify_lines(lines[:3], expected_head=domain.head()[1]).holds


@pytest.mark.django_db
def test_the_export_can_be_limited_to_a_season() -> None:
    append(2)
    with transaction.atomic():
        domain.append(actor=ACTOR, verb="x", subject="y", season="other")

    assert [event.season for event in domain.iterate(season="other")] == ["other"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_event SET actor = 'x'",
        "DELETE FROM record_event",
        "UPDATE record_event SET data = '{}' WHERE seq = 1",
    ],
)
def test_the_database_itself_refuses_to_change_an_event(statement: str) -> None:
    append(2)
    before = list(domain.export_lines())
    triggers.install(connection)
    try:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    finally:
        triggers.remove(connection)

    assert list(domain.export_lines()) == before


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_chain() -> None:
    def write(_: int) -> None:
        try:
            append(5)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(write, range(12)))

    report = domain.verify()
    assert report.holds, report.faults
    assert report.count == 60
