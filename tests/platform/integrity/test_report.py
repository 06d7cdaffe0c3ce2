from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from concours.platform.appeals import domain as appeals_domain
from concours.platform.appeals.enums import Outcome
from concours.platform.awards.models import Payout, ResultLine
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted
from concours.platform.integrity.domain import faults_of, make_report
from concours.platform.integrity.interfaces.rendering import as_file
from concours.platform.record.models import Event
from tests.factories import appeals, awards, competitions
from tests.factories.people import organiser

pytestmark = pytest.mark.django_db


def test_a_report_of_a_season_that_holds(tmp_path: Path, client: Client) -> None:
    payout = awards.released(folder=tmp_path, parts=[1, 1])
    user = payout.shares.first().user
    awards.pay(of=payout, user=user, amount_minor=1_000, reference="Bait-Reference")
    season = payout.pool.track.season
    staff = organiser(season=season)

    report = make_report(actor=staff, season=season)

    assert faults_of(report) == []
    content = json.loads(report.content)
    (track,) = content["tracks"]
    assert track["assignment"]["duties"] == 12
    assert track["duties"]["submitted"] == 12
    assert track["standings"]["reviews"] == 12
    assert track["result"]["awards"] == 5
    event = Event.objects.latest("seq")
    assert event.verb == "integrity.reported"
    assert json.loads(event.data) == {"digest": report.digest, "faults": 0}
    assert hashlib.sha256(report.content.encode()).hexdigest() == report.digest

    place = reverse("integrity:report", args=[season.slug])
    page = client.get(place).content.decode()
    file = as_file(report, language="zh-hans")
    assert "All of it holds" in page
    assert "全部成立" in file
    assert "<script" not in file
    assert 'src="' not in file
    assert "http" not in file.partition("</style>")[2]
    people = [user, staff, *[row.user for row in payout.entry.team.memberships.all()]]
    for text in (page, file, report.content):
        for someone in people:
            assert someone.code not in text
            assert someone.display_name not in text
        assert "Bait-Reference" not in text
    stored = client.get(reverse("integrity:document", args=[season.slug, 1, "json"]))
    assert stored.content.decode() == report.content
    assert client.get(f"/api/v1/integrity/{season.slug}").content.decode() == report.content


def test_a_report_names_what_does_not_hold(tmp_path: Path, client: Client) -> None:
    payout = awards.payout(folder=tmp_path)
    season = payout.pool.track.season
    line = ResultLine.objects.order_by("position")[1]
    ResultLine.objects.filter(pk=line.pk).update(place=1)
    Payout.objects.filter(pk=payout.pk).update(held_minor=0, paid_minor=payout.amount_minor)

    report = make_report(actor=organiser(season=season), season=season)

    slug = payout.pool.track.slug
    assert faults_of(report) == [
        f"{slug}: line 2 differs from what is computed",
        f"{slug}: the balances of {payout.code} do not follow from its movements",
    ]
    page = client.get(reverse("integrity:report", args=[season.slug])).content.decode()
    assert "line 2 differs from what is computed" in page


def test_organisers_make_reports(tmp_path: Path) -> None:
    with clock.frozen_at(awards.RESULT):
        season = competitions.season()
        with pytest.raises(NotPermitted):
            make_report(actor=organiser(season=competitions.season()), season=season)
        place = reverse("integrity:make", args=[season.slug])
        client = Client()
        client.force_login(organiser(season=season))
        assert client.post(place).status_code == 302
        assert Client().post(place).status_code == 302
    assert season.integrity_reports.count() == 1


def test_appeals_and_changes_are_in_it(tmp_path: Path, client: Client) -> None:
    with clock.frozen_at(appeals.DURING):
        track = appeals.judged(folder=tmp_path)
        entry = appeals.ranked(track)[-1]
        appeal = appeals.admitted(by=entry, reason="Bait-Reason")
        appeals_domain.decide_appeal(
            actor=competitions.ACTOR, appeal=appeal, outcome=Outcome.UPHELD, decision="Yes."
        )
        appeals.appeal(by=appeals.ranked(track)[0], subject="Bait-Open")
        appeals.apply(appeals.strike(of=track, entry=entry, appeal=appeal))
        report = make_report(actor=competitions.ACTOR, season=track.season)

        content = json.loads(report.content)
        (found,) = content["tracks"]
        assert faults_of(report) == []
        # Bait: the appeal that is open is nobody's to know of.
        assert found["appeals"] == {"upheld": 1, "partly": 0, "rejected": 0, "dismissed": 0}
        assert found["changes_applied"] == 1
        assert found["standings"]["number"] == 2
        verbs = [change["verb"] for change in content["changes"]]
        assert verbs == ["appeal.decided", "changes.applied"]
        page = client.get(reverse("integrity:report", args=[track.season.slug])).content.decode()
        assert "upheld in full 1, in part 0, rejected 0, inadmissible 0" in page
        assert "1 set of changes applied" in page
        for secret in ("Bait-Reason", "Bait-Open"):
            assert secret not in report.content + page
