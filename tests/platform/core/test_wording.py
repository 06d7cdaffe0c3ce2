"""Names that look the same, or like nothing."""

from __future__ import annotations

import pytest

from concours.platform.core.errors import Refused
from concours.platform.core.wording import one_line, spelling


@pytest.mark.parametrize(
    "name",
    [
        "Al\u200epha",  # a mark of direction
        "Al\u061cpha",
        "\u3164",  # a Hangul filler, drawn as nothing
        "\uffa0\u115f",
        "\u2800",  # Braille without a dot
        "Alpha\U000e0041",  # a tag
        "\u200d\u200c",
        "\ufe0f",
    ],
)
def test_what_is_not_seen_is_no_name(name: str) -> None:
    with pytest.raises(Refused):
        one_line(name, most=100)


@pytest.mark.parametrize(
    "name",
    [
        "Алиса",
        "Ωμέγα",
        "می\u200cخواهم",
        "👩\u200d💻 code",
        "❤\ufe0f",
        "葛\U000e0100城",
        "林伟",
        "שָׁלוֹם",
    ],
)
def test_what_scripts_and_emoji_need_is_kept(name: str) -> None:
    assert one_line(name, most=100) == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alpha", "Аlpha"),  # the first letter is Cyrillic
        ("MOCT", "МОСТ"),
        ("BETA", "ΒΕΤΑ"),
        ("Ｃoncours", "concours"),
        ("Alpha", "Al\u200dpha"),
        ("❤", "❤\ufe0f"),
        ("apple", "аррӏе"),
    ],
)
def test_names_that_look_the_same_are_one(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Team 1", "Team I"), ("Алиса", "Олиса"), ("林", "木"), ("Bo", "Bob")]
)
def test_names_that_differ_stay_two(one: str, other: str) -> None:
    assert spelling(one) != spelling(other)
