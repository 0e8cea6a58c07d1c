"""A dialling region is a code that has numbers, and a near miss is told the right one."""

import pytest

from app.domain.errors import InputError
from app.domain.regions import region_named


@pytest.mark.parametrize(("text", "region"), [("IN", "IN"), (" np", "NP"), ("gb", "GB")])
def test_region_is_had_by_its_code_in_any_case(text: str, region: str) -> None:
    assert region_named(text) == region


@pytest.mark.parametrize(
    ("text", "said"), [("UK", "Write GB"), ("usa", "Write US"), ("XX", "ISO 3166"), ("", "ISO 3166"), ("1N", "ISO")]
)
def test_code_without_numbers_is_refused_with_advice(text: str, said: str) -> None:
    with pytest.raises(InputError, match=f"is no dialling region. .*{said}"):
        region_named(text)
