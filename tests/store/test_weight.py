"""A condition too heavy to compile in time is refused, by what it has and by how often it is asked for."""

import time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import ColumnElement

from app.domain.errors import InputError
from app.domain.filters import CallFilter, Weekday
from app.store.filters import predicate_of
from app.store.weight import MOST, Allowance, current_allowance, weighed
from tests.conftest import SCOPE

WORDS = " ".join(f"word{place}" for place in range(20))


def held(given: CallFilter) -> ColumnElement[bool]:
    return predicate_of(SCOPE, given)


def test_everyday_filters_may_be_asked_for_a_page_of_parents() -> None:
    everyday = CallFilter(search="leaking sink", phone_numbers=("316-555-0133",), has_notes=True)
    condition = held(everyday)
    assert weighed(condition, 50) is condition


@pytest.mark.parametrize(
    ("given", "times"),
    [
        (CallFilter(search=WORDS), 1_000),
        (CallFilter(provider_call_ids=tuple(map(str, range(500)))), 1_000),
        (CallFilter(or_=tuple(CallFilter(search=WORDS) for _ in range(10))), 10),
    ],
)
def test_what_would_hold_up_everybody_is_refused_and_says_what_to_change(given: CallFilter, times: int) -> None:
    condition = held(given)
    begun = time.process_time()
    with pytest.raises(InputError, match=r"too large.*Give fewer") as refused:
        weighed(condition, times)
    assert refused.value.code == "FILTER_TOO_LARGE"
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "part", [CallFilter(search=WORDS), CallFilter(weekdays=(Weekday.MONDAY,), timezone=ZoneInfo("America/New_York"))]
)
def test_what_is_slow_to_begin_with_may_not_stand_in_every_part(part: CallFilter) -> None:
    begun = time.process_time()
    for given in (CallFilter(or_=(part,) * 450), CallFilter(not_=CallFilter(and_=(part,) * 450))):
        with pytest.raises(InputError, match=r"too large: 450 of its parts") as refused:
            held(given)
        assert refused.value.code == "FILTER_TOO_LARGE"
    assert time.process_time() - begun < 0.5


def test_every_value_of_a_list_counts() -> None:
    many = CallFilter(provider_call_ids=tuple(map(str, range(500))))
    assert weighed(held(many), MOST // 600) is not None
    with pytest.raises(InputError):
        weighed(held(many), MOST // 500)


def test_what_one_request_spent_is_not_missing_to_the_next_one() -> None:
    with Allowance() as given:
        weighed(held(CallFilter(search=WORDS)))
        assert current_allowance() is given
        assert given.left < MOST
    assert current_allowance().left == MOST
