"""The tags of the pages, with bait in everything a person could have typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from concours.platform.web import charts, markdown
from concours.platform.web.templatetags import concours as tags

BAIT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
NOON = datetime(2023, 3, 1, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def render(source: str, **context: object) -> str:
    return Template("{% load concours %}" + source).render(Context(context))


# What a person typed never becomes markup


@pytest.mark.parametrize(
    "source",
    [
        "{% state_pill bait bait %}",
        "{% short_hash bait %}",
        "{% money 100 bait %}",
        "{% bar 1 2 bait bait %}",
        "{% include 'web/parts/card.html' with title=bait href=bait text=bait eyebrow=bait foot=bait pill=bait %}",  # noqa: E501
        "{% include 'web/parts/page_header.html' with title=bait eyebrow=bait lede=bait %}",
        "{% include 'web/parts/section_head.html' with title=bait id=bait note=bait %}",
        "{% include 'web/parts/note.html' with title=bait text=bait tone=bait %}",
        "{% include 'web/parts/empty_state.html' with title=bait text=bait href=bait action=bait %}",  # noqa: E501
        "{% include 'web/parts/stat.html' with value=bait label=bait %}",
        "{% include 'web/parts/facts.html' with facts=pairs %}",
        "{% include 'web/parts/breadcrumbs.html' with trail=pairs %}",
        "{% include 'web/parts/verdict.html' with text=bait engine=bait digest=bait href=bait %}",
        "{% include 'web/parts/action.html' with action=bait label=bait tone=bait confirm=bait %}",
        "{% calendar lanes start end %}",
    ],
)
def test_bait_comes_out_as_text(source: str) -> None:
    end = NOON + timedelta(days=90)
    spans = (charts.Span(NOON, end, BAIT),)
    lanes = [charts.Lane(BAIT, BAIT, BAIT, spans, (charts.Mark(NOON, BAIT),))]

    html = render(source, bait=BAIT, pairs=[(BAIT, BAIT)], lanes=lanes, start=NOON, end=end)

    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "\"'>" not in html


@pytest.mark.parametrize(
    "text",
    [
        BAIT,
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt&colon;alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "[click](vbscript:alert(1))",
        "<javascript:alert(1)>",
        '[click](https://example.org "x\\" onmouseover=alert(1)")',
        "![x](https://example.org/track.png)",
        "<svg/onload=alert(1)>",
        "<a href='https://example.org' style='position:fixed'>x</a>",
        '```"><script>alert(1)</script>\nx\n```',
        "| a |\n|:-:|\n| <iframe src=//example.org> |",
        "[ref]: javascript:alert(1)\n\n[ref]",
    ],
)
def test_markdown_lets_no_active_content_through(text: str) -> None:
    html = markdown.render(text)

    for tag in re.findall(r"<[^>]*>", html):
        assert not re.match(r"<\s*(script|img|svg|iframe|style|object|form|input)", tag, re.I), tag
        assert not re.search(r"\s(on\w+|style|srcset)\s*=", re.sub(r'"[^"]*"', '""', tag)), tag
        assert not re.search(r'href="(?!https?:|mailto:)', tag), tag


def test_markdown_keeps_what_writers_mean() -> None:
    html = markdown.render(
        "# Top\n\n**bold** *soft* `code` ~~gone~~\n\n- one\n\n"
        "[rules](https://example.org/a?b=1&c=2)\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n"
    )

    assert "<h3>Top</h3>" in html
    assert "<strong>bold</strong> <em>soft</em> <code>code</code> <s>gone</s>" in html
    assert 'href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener"' in html
    assert "<td>2</td>" in html


def test_deeply_nested_markdown_ends() -> None:
    assert len(markdown.render("> " * 5_000 + "x")) < 100_000


# Numbers and moments


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (210_000_000, "CNY", "2,100,000"),
        (123_456, "CNY", "1,234.56"),
        (5, "CNY", "0.05"),
        (0, "CNY", "0"),
        (-5, "CNY", "−0.05"),
        (5_000, "JPY", "5,000"),
        (1_001, "KWD", "1.001"),
    ],
)
def test_money(minor: int, currency: str, shown: str) -> None:
    html = tags.money(minor, currency)

    assert html.endswith(f"</span>{shown}</data>")
    assert f'value="{minor}"' in html
    assert currency in html


def test_a_moment_is_written_in_utc_whatever_zone_it_came_in() -> None:
    beijing = NOON.astimezone(timezone(timedelta(hours=8)))

    assert tags.moment(beijing) == tags.moment(NOON)
    assert 'datetime="2023-03-01T12:30:00Z"' in tags.moment(NOON)
    assert ">1 Mar 2023, 12:30 UTC<" in tags.moment(NOON)
    assert ">1 Mar 2023<" in tags.day(NOON)
    assert tags.moment(None) == tags.day(None) == tags.countdown(None) == ""


def test_a_moment_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert ">2023年3月1日 12:30 UTC<" in tags.moment(NOON)


def test_a_hash_is_short_to_see_and_whole_to_copy() -> None:
    html = tags.short_hash(DIGEST)

    assert f">{DIGEST[:12]}<" in html
    assert f'data-copy="{DIGEST}"' in html
    assert tags.short_hash("") == ""


# Charts


def test_a_whisker_places_rank_and_interval() -> None:
    html = render("{% whisker low=1 rank=3 high=5 n=5 %}")

    assert 'x1="0.0%" x2="100.0%"' in html
    assert 'cx="50.0%"' in html
    assert 'aria-label="Rank 3 of 5; between 1 and 5"' in html


def test_a_lone_entry_has_a_whisker() -> None:
    assert "Rank 1 of 1" in render("{% whisker low=1 rank=1 high=1 n=1 %}")


@pytest.mark.parametrize(
    ("low", "rank", "high", "n"), [(0, 1, 1, 1), (2, 1, 3, 3), (1, 3, 2, 3), (1, 1, 4, 3)]
)
def test_a_whisker_refuses_ranks_out_of_order(low: int, rank: int, high: int, n: int) -> None:
    with pytest.raises(ValueError, match="out of order"):
        charts.whisker(low=low, rank=rank, high=high, n=n)


@pytest.mark.parametrize(
    ("value", "width"), [(-1, "0.0%"), (0, "0.0%"), (2.5, "50.0%"), (5, "100.0%"), (9, "100.0%")]
)
def test_a_bar_stays_in_its_track(value: float, width: str) -> None:
    assert f'class="bar-fill" width="{width}"' in render("{% bar value 5 %}", value=value)


def test_charts_write_decimal_points_in_every_language() -> None:
    with translation.override("de"):
        assert 'width="33.333%"' in render("{% bar 1 3 %}")


def test_months_of_a_season() -> None:
    ticks = charts.months(datetime(2022, 12, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC))

    assert [tick.month.month for tick in ticks] == [12, *range(1, 13)]
    assert ticks[0].x == 0
    assert all(a.x < b.x < 100 for a, b in pairwise(ticks))


# Forms


class _Form(forms.Form):
    title = forms.CharField(help_text="Short.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()
    note = forms.CharField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput)


def test_a_field_is_tied_to_its_label_help_and_errors() -> None:
    html = render("{% include 'web/parts/form.html' %}", form=_Form({"secret": "x"}))

    assert '<label for="id_title">title</label>'.lower() in html.lower()
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    for wanted in ("id_title_helptext", "id_title_error", "id_kind_error", "id_agreed_error"):
        assert html.count(f'id="{wanted}"') == 1, wanted
    assert "<legend>Kind</legend>" in html
    assert html.count("(optional)") == 1
    assert html.count('name="secret"') == 1


class _BaitForm(forms.Form):
    title = forms.CharField(label=BAIT, help_text=BAIT, initial=BAIT)
    kind = forms.ChoiceField(label=BAIT, help_text=BAIT, choices=[("a", BAIT)])
    marks = forms.ChoiceField(label=BAIT, choices=[("a", BAIT)], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label=BAIT, help_text=BAIT)


@pytest.mark.parametrize("data", [None, {"title": BAIT * 20, "kind": BAIT, "marks": BAIT}])
def test_bait_in_a_form_comes_out_as_text(data: dict[str, str] | None) -> None:
    html = render("{% include 'web/parts/form.html' %}", form=_BaitForm(data))

    assert "<script" not in html
    assert "<img" not in html


def test_no_part_carries_inline_style_or_script() -> None:
    html = render(
        "{% include 'web/parts/form.html' %}{% whisker 1 1 2 2 %}{% bar 1 2 %}"
        "{% short_hash digest %}{% countdown at %}{% markdown '# x' %}",
        form=_Form(),
        digest=DIGEST,
        at=NOON,
    )

    assert not re.search(r"\s(style|on\w+)=", html)
    assert "<script" not in html


def test_every_icon_is_drawn_and_hidden_from_readers() -> None:
    for name in tags.ICONS:
        assert 'aria-hidden="true"' in tags.icon(name)
    with pytest.raises(KeyError):
        tags.icon("nothing-of-the-kind")
