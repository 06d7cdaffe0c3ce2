"""What strangers wrote is text wherever it is shown: bait in every field, on every page."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.urls import reverse

from concours.platform.competitions import domain
from concours.platform.competitions.models import Season
from tests.factories import competitions as make
from tests.factories.people import organiser, person
from tests.platform.competitions.conftest import signed_in

BAIT = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"
    "[a](javascript:alert(1)) <style>*{}</style>"
)


class Finder(HTMLParser):
    """Collects what a browser would run, load or style."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script":
            self.scripts += 1
            if not (values.get("src") or "").startswith("/static/web/"):
                self.found.append(f"script {values}")
        if tag in {"img", "style", "iframe", "object", "embed", "base"}:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"{tag} {name}={value}")
            if name in {"href", "src", "action"} and "javascript:" in (value or "").lower():
                self.found.append(f"{tag} {name}={value}")


def baited(settings: Any) -> tuple[Season, dict[str, Any], list[str]]:
    """A season in which every text that a person can write is bait, and its pages."""
    season = make.season(title=BAIT, title_zh=BAIT, summary=BAIT, summary_zh=BAIT)
    batch = domain.create_batch(
        actor=make.ACTOR,
        season=season,
        number=1,
        title=BAIT,
        title_zh=BAIT,
        starts_at=make.day(2023, 1, 1),
        final_at=make.day(2023, 7, 1),
    )
    texts = dict.fromkeys(("summary", "summary_zh", "owner", "owner_zh", "title_zh"), BAIT[:200])
    track = make.draft_track(
        of=batch, slug="bait", title=BAIT[:200], category=BAIT[:100], category_zh="", **texts
    )
    domain.publish_rules(actor=make.ACTOR, track=track, text=BAIT, text_zh=BAIT)
    track = domain.start_track(actor=make.ACTOR, track=track)
    domain.publish_rules(actor=make.ACTOR, track=track, text=f"{BAIT}\nmore", text_zh=BAIT)
    captain = person(name=BAIT[:100])
    team = make.team(of=season, captain=captain, name=BAIT[:100])
    entry = make.entry(in_track=track, by=team, title=BAIT[:200], abstract=BAIT)
    refused = domain.submit_git(
        actor=captain, entry=entry, url=BAIT, revision=BAIT[:200], note=BAIT
    )
    domain.complete_git_submission(submission=refused)
    domain.submit_git(actor=captain, entry=entry, url=BAIT, revision=BAIT[:200], note=BAIT)
    proposals = [
        domain.propose_track(
            actor=captain,
            season=season,
            batch=batch,
            topic=BAIT[:200],
            category=BAIT[:100],
            owner=BAIT[:200],
            description=BAIT,
            rules=BAIT,
            format=BAIT,
            prizes=BAIT,
        )
        for _number in range(2)
    ]
    staff = organiser(season=season, name=BAIT[:100])
    domain.comment_on_proposal(actor=captain, proposal=proposals[0], text=BAIT)
    domain.decide_proposal(actor=staff, proposal=proposals[0], approve=False, reason=BAIT)
    _invitation, key = domain.invite(actor=captain, team=team, email="a@example.org")
    out = make.entry(in_track=track, title=BAIT[:200])
    domain.disqualify_entry(actor=staff, entry=out, reason=BAIT)

    def at(name: str, *args: str) -> str:
        return reverse(f"competitions:{name}", args=args)

    here = (season.slug, "bait")
    pages = [at("seasons"), at("tracks"), at("teams"), at("new_team"), at("invitation", key)]
    pages += [at(name, season.slug) for name in ("season", "proposals", "propose", "desk")]
    pages += [at(name, *here) for name in ("track", "rules", "entries", "enter", "track_desk")]
    pages += [at(f"track_{name}", *here) for name in ("settings", "phases_desk", "rules_desk")]
    pages += [at("proposal", proposal.code) for proposal in proposals]
    pages += [at("team", team.code), at("entry", out.code)]
    pages += [
        at(name, entry.code)
        for name in ("entry", "edit_entry", "name_reviewer", "withdraw_entry", "submissions")
    ]
    return season, {"stranger": None, "captain": captain, "staff": staff}, pages


def test_bait_is_text_on_every_page(db: None, spring: Any, settings: Any) -> None:
    _season, users, pages = baited(settings)
    shown = 0
    for language in ("en", "zh-hans"):
        for name, user in users.items():
            client = signed_in(user, headers={"accept-language": language})
            for page in pages:
                response = client.get(page)
                assert response.status_code in {200, 302, 404}, (name, page)
                text = response.content.decode()
                finder = Finder()
                finder.feed(text)
                assert finder.found == [], (name, page)
                assert finder.scripts in {0, 2}
                shown += "&lt;script&gt;" in text
    # The bait was there: no page but the two without texts is free of it.
    assert shown > 80


def test_bait_in_forms_comes_back_as_text(db: None, spring: Any, settings: Any) -> None:
    season, users, _pages = baited(settings)
    staff = signed_in(users["staff"])
    here = [season.slug, "bait"]
    posts = {
        reverse("competitions:track_rules_desk", args=here): {"text": BAIT, "step": "preview"},
        reverse("competitions:track_settings", args=here): {"title": BAIT, "summary": BAIT},
        reverse("competitions:propose", args=here[:1]): {"topic": BAIT, "description": BAIT},
        reverse("competitions:enter", args=here): {"title": BAIT, "team": BAIT},
        reverse("competitions:new_track", args=here[:1]): {"title": BAIT, "slug": BAIT},
        reverse("competitions:new_team"): {"season": BAIT, "name": BAIT},
    }
    for url, data in posts.items():
        response = staff.post(url, data)
        finder = Finder()
        finder.feed(response.content.decode())
        assert response.status_code == 200, url
        assert finder.found == [], url
