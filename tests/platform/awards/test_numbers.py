from __future__ import annotations

import pytest

from concours.platform.awards.numbers import holds_private_number


@pytest.mark.parametrize(
    "text",
    [
        # The examples of the standards and of the card schemes' test numbers.
        "GB82 WEST 1234 5698 7654 32",
        "to de89370400440532013000 with thanks",
        "card 4111 1111 1111 1111",
        "378282246310005",
        "ID 11010519491231002X",
    ],
)
def test_private_numbers_are_seen(text: str) -> None:
    assert holds_private_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "transfer 2023-07-10/00017",
        "GB82 WEST 1234 5698 7654 33",
        "4111 1111 1111 1112",
        "110105194912310021",
        "SEPA-E2E-CONCOURS-2023-000123",
        "身份证，颁奖时所见",
    ],
)
def test_references_pass(text: str) -> None:
    assert not holds_private_number(text)
