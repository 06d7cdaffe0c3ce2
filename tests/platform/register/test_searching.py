from __future__ import annotations

import pytest
from django.utils import translation

from concours.platform.register import domain
from concours.platform.register.domain.searching import area_name
from concours.platform.register.enums import Stage
from concours.platform.register.folding import fold
from concours.platform.register.models import TechnicalArea
from tests.factories import people
from tests.factories import register as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """Three projects that differ in everything a search looks at."""
    make.project(
        slug="kite", name="Kite", name_zh="风筝", summary="Flies 50% higher.", summary_zh="放飞",
        areas=["storage"], donors=["ada"], licence="MulanPSL-2.0",
    )  # fmt: skip
    make.project(
        slug="lock", name="ÉCLAT Lock", areas=["security", "storage"], donors=["acme"],
        stage="candidate",
    )  # fmt: skip
    make.project(slug="bare", name="Bare_bones")


def found(**wanted):
    return [project.slug for project in domain.search(user=people.person(), **wanted)]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("", ["kite", "lock", "bare"]),
        ("KITE", ["kite"]),
        ("éclat", ["lock"]),
        ("ada löwe", ["kite"]),
        ("ADA LÖWE", ["kite"]),
        ("风筝", ["kite"]),
        ("放", ["kite"]),
        ("存储", ["kite", "lock"]),
        ("顶点工坊", ["lock"]),
        ("mulanpsl", ["kite"]),
        ("ＫＩＴＥ", ["kite"]),
        ("storage acme", ["lock"]),
        ("storage nobody", []),
        ("%", ["kite"]),
        ("_", ["bare"]),
        ("\\", []),
        ("kite\0sub", []),
        ("'; drop table register_project; --", []),
    ],
)
def test_text_is_found_whatever_case_width_or_language(three, text, slugs):
    assert found(text=text) == slugs


def test_filters_narrow_and_do_not_repeat_projects(three):
    assert found(area="storage") == ["kite", "lock"]
    assert found(area="storage", stage="candidate") == ["lock"]
    assert found(donor="ada") == ["kite"]
    assert found(donor="ada", area="security") == []
    assert found(text="storage", area="storage", donor="acme", stage="candidate") == ["lock"]


def test_funnel_names_every_stage_and_counts_each_project_once(three):
    everything = domain.search(user=people.person(), area="storage")
    assert domain.funnel(everything) == [
        (Stage.CANDIDATE, 1),
        (Stage.PREPARATION, 0),
        (Stage.INCUBATING, 1),
        (Stage.GRADUATED, 0),
        (Stage.ARCHIVED, 0),
    ]


def test_folding_is_stable():
    for text in ("Straße", "ＡＢＣ　１", "İstanbul", "ﬁnal", "\u212b", "开放　原子"):
        assert fold(fold(text)) == fold(text)
    assert fold("STRASSE") == fold("Straße")


def test_an_area_is_called_by_its_name_in_the_readers_language():
    TechnicalArea.objects.create(slug="kernels", name="Kernels", name_zh="内核")

    with translation.override("zh-hans"):
        chinese = area_name("kernels")

    assert (area_name("kernels"), chinese, area_name("unknown")) == ("Kernels", "内核", "unknown")
