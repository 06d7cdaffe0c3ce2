"""Why an entry is in or out, and how much is luck: as pictures and as sentences."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

from concours.platform.review import pictures
from concours.platform.review.domain.computing import compute
from concours.platform.review.domain.reasons import TEXTS, phrase_reason
from concours.platform.review.methods import available
from concours.platform.review.templatetags.review import noise, percent, reason_picture
from tests.platform.review.test_folds import made_inputs

IN_A_PART = {
    "code": "rounded-up", "part": 1, "part_size": 10, "seats": 3, "quota": 2.6, "place": 3,
}  # fmt: skip
NOMINATED = {"code": "nominated", "nominations": 4.0, "needed": 2.5, "reviews": 5, "place": 7}


class TestSentences:
    @pytest.mark.parametrize("method", available("selection"))
    def test_each_reason_that_occurs_has_a_sentence(self, method: str) -> None:
        for size in (1, 6, 11):
            for parts in (1, 4):
                computed = compute(
                    made_inputs(selection=method, size=size, parts=parts, left_out=False),
                    seed=bytes([size]) * 32,
                )
                for row in computed.rows:
                    said = phrase_reason(row.reason)
                    assert said
                    assert "not known" not in said
                    assert said.startswith("Finalist") == row.finalist

    def test_a_method_says_it_its_own_way(self) -> None:
        assert "share of all votes" in phrase_reason(IN_A_PART)
        assert "By its size" in phrase_reason({**IN_A_PART, "method": "partition"})
        assert phrase_reason(NOMINATED) == (
            "Finalist: 4 of its 5 reviewers nominated it, and 3 were needed."
        )

    def test_reasons_of_other_versions_are_owned_up_to(self) -> None:
        assert phrase_reason({"code": "astrology"}) == "The reason is not known to this version."
        assert phrase_reason({}) == ""
        assert all(str(text).endswith((".", ").")) for text in TEXTS.values())


class TestSeats:
    def test_places_with_a_seat_are_filled_and_ones_own_is_marked(self) -> None:
        drawn = pictures.seats(IN_A_PART, entries=40)
        assert drawn is not None
        assert [cell.taken for cell in drawn["cells"]] == [True] * 3 + [False] * 7
        assert [cell.own for cell in drawn["cells"]].index(True) == 2
        assert drawn["own_x"] == 25.0

    def test_by_rank_the_row_is_of_all_entries(self) -> None:
        drawn = pictures.seats({"code": "by-rank", "place": 2, "size": 5}, entries=20)
        assert drawn is not None
        assert (drawn["size"], drawn["seats"]) == (20, 5)

    def test_many_places_are_a_band(self) -> None:
        drawn = pictures.seats({**IN_A_PART, "part_size": 400, "seats": 100}, entries=900)
        assert drawn is not None
        assert drawn["cells"] == []
        assert drawn["seats_width"] == 25.0

    @pytest.mark.parametrize(
        "reason",
        [
            {},
            {"code": "all-selected", "size": 3},
            {"code": "duty-not-fulfilled", "owed": 3, "defaulted": 2},
            {**IN_A_PART, "place": 0},
            {**IN_A_PART, "place": 11},
            NOMINATED,
        ],
    )
    def test_no_place_no_picture(self, reason: dict[str, Any]) -> None:
        assert pictures.seats(reason, entries=40) is None


class TestNominations:
    def test_nominations_fill_cells_up_to_those_needed(self) -> None:
        drawn = pictures.nominations(NOMINATED)
        assert drawn is not None
        assert [cell.taken for cell in drawn["cells"]] == [True] * 4 + [False]
        assert (drawn["got"], drawn["needed"], drawn["needed_x"]) == (4, 3, 60.0)

    def test_without_a_review_there_is_nothing_to_draw(self) -> None:
        assert pictures.nominations({**NOMINATED, "reviews": 0}) is None
        assert pictures.nominations(IN_A_PART) is None


class TestNoise:
    @pytest.mark.parametrize(("turnover", "others"), [(0.0, 0), (0.3, 6), (0.024, 0), (1.0, 20)])
    def test_whole_entries_are_told(self, turnover: float, others: int) -> None:
        drawn = pictures.noise(turnover=turnover, size=20)
        assert drawn["others"] == others
        assert sum(not cell.taken for cell in drawn["cells"]) == others

    def test_without_a_choice_nothing_is_said(self) -> None:
        assert noise(None, 20, 5) == {}
        assert noise(0.3, 0, 5) == {}
        assert render_to_string("review/parts/noise.html", {}).strip() == ""

    def test_the_sentence_names_the_number(self) -> None:
        said = render_to_string("review/parts/noise.html", noise(0.3, 20, 5))
        assert "6 of the best 20" in said
        assert "5 reviews an entry" in said


@pytest.mark.parametrize(
    ("chance", "said"),
    [(None, ""), (0.0, "< 1 %"), (0.004, "< 1 %"), (0.01, "1 %"), (0.625, "63 %"), (1.0, "> 99 %")],
)
def test_nothing_is_called_sure(chance: float | None, said: str) -> None:
    assert percent(chance) == said


def test_numbers_in_pictures_stay_numbers_in_chinese(settings: Any) -> None:
    from django.utils import translation

    settings.USE_THOUSAND_SEPARATOR = True
    with translation.override("zh-hans"):
        drawn = render_to_string(
            "review/parts/reason_picture.html", reason_picture({**IN_A_PART, "part_size": 30}, 40)
        )
    assert 'width="2.733%"' in drawn
