"""A token may spend its budget, no more, and again as it leaks."""

import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.budget import Budget, BudgetSpentError

steps = st.lists(st.tuples(st.floats(0, 200), st.integers(0, 150)), max_size=40)


def test_budget_is_there_at_once() -> None:
    budget = Budget(capacity=100, leak_per_minute=60)
    assert [budget.take("a", 50, 0) for _ in range(2)] == [None, None]


def test_what_is_over_the_budget_is_refused_with_the_seconds_to_wait() -> None:
    budget = Budget(capacity=100, leak_per_minute=60)
    budget.take("a", 100, 0)
    assert budget.take("a", 30, 0) == pytest.approx(30, abs=0.01)
    assert budget.take("a", 30, 20) == pytest.approx(10, abs=0.01)
    assert budget.take("a", 30, 30) is None


def test_what_is_refused_is_not_taken() -> None:
    budget = Budget(capacity=100, leak_per_minute=60)
    budget.take("a", 90, 0)
    assert budget.take("a", 20, 0) is not None
    assert budget.take("a", 10, 0) is None


def test_nothing_is_free_even_if_the_budget_is_spent() -> None:
    budget = Budget(capacity=100, leak_per_minute=60)
    budget.take("a", 100, 0)
    assert budget.take("a", 0, 0) is None
    assert budget.take("a", -50, 0) is None
    assert budget.take("a", 1, 0) is not None


def test_each_token_has_its_own() -> None:
    budget = Budget(capacity=100, leak_per_minute=60)
    budget.take("a", 100, 0)
    assert budget.take("b", 100, 0) is None


def test_cost_above_the_capacity_takes_all_of_it() -> None:
    budget = Budget(capacity=100, leak_per_minute=60)
    assert budget.take("a", 5_000, 0) is None
    assert budget.take("a", 5_000, 40) == pytest.approx(60, abs=0.01)
    assert budget.take("a", 5_000, 100) is None


def test_budget_does_not_grow_beyond_its_capacity() -> None:
    budget = Budget(capacity=100, leak_per_minute=60)
    budget.take("a", 1, 0)
    assert budget.take("a", 100, 86_400) is None
    assert budget.take("a", 1, 86_400) is not None


def test_clock_that_goes_back_gives_nothing_and_takes_nothing() -> None:
    budget = Budget(capacity=100, leak_per_minute=60)
    budget.take("a", 100, 1_000)
    assert budget.take("a", 10, 900) == pytest.approx(10, abs=0.01)
    assert budget.take("a", 10, 1_010.1) is None


def test_keys_used_longest_ago_are_forgotten() -> None:
    budget = Budget(capacity=100, leak_per_minute=60, keys=2)
    for key in ("a", "b", "a", "c"):
        budget.take(key, 50, 0)
    assert len(budget) == 2
    assert budget.take("a", 10, 0) is not None  # used after b
    assert budget.take("b", 100, 0) is None  # forgotten, and new again


@pytest.mark.parametrize(("capacity", "leak", "keys"), [(0, 1, 1), (1, 0, 1), (1, 1, 0), (-1, 1, 1), (math.nan, 1, 1)])
def test_budget_without_anything_in_it_is_no_budget(capacity: float, leak: float, keys: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Budget(capacity, leak, keys)


@given(steps, st.floats(1, 1_000), st.floats(1, 10_000))
def test_no_more_is_taken_than_capacity_and_leak_in_any_time(
    steps: list[tuple[float, int]], capacity: float, leak: float
) -> None:
    budget, now = Budget(capacity, leak), 0.0
    taken: list[tuple[float, float]] = []
    for pause, cost in steps:
        now += pause
        if budget.take("a", cost, now) is None:
            taken.append((now, min(cost, capacity)))
    for at, (begun, _) in enumerate(taken):
        spent = 0.0
        for ended, cost in taken[at:]:
            spent += cost
            assert spent <= capacity + (ended - begun) * leak / 60 + 1e-6


@given(steps, st.floats(1, 1_000), st.floats(1, 10_000), st.integers(0, 2_000))
def test_whoever_waits_as_told_is_served(
    steps: list[tuple[float, int]], capacity: float, leak: float, cost: int
) -> None:
    budget, now = Budget(capacity, leak), 1_000_000.0
    for pause, earlier in steps:
        now += pause
        budget.take("a", earlier, now)
    wait = budget.take("a", cost, now)
    if wait is not None:
        assert 0 < wait <= capacity * 60 / leak + 0.01
        assert budget.take("a", cost, now + wait) is None


def test_whoever_waits_a_round_number_of_milliseconds_is_served_in_spite_of_rounding() -> None:
    budget, now = Budget(capacity=100, leak_per_minute=25), 1_000_000.7
    budget.take("a", 100, now)
    wait = budget.take("a", 3, now)
    assert wait == pytest.approx(7.2, abs=0.01)
    assert budget.take("a", 3, now + wait) is None


@given(steps, st.floats(1, 1_000), st.floats(1, 10_000))
def test_whoever_waits_less_than_told_is_refused(steps: list[tuple[float, int]], capacity: float, leak: float) -> None:
    budget, now = Budget(capacity, leak), 0.0
    for pause, cost in steps:
        now += pause
        wait = budget.take("a", cost, now)
        if wait is not None and wait > 0.1:
            assert budget.take("a", cost, now + wait - 0.05) is not None
            return


@given(st.lists(st.tuples(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 100)), max_size=60))
def test_memory_is_bounded_and_recent_keys_are_as_if_alone(takes: list[tuple[str, int]]) -> None:
    crowd = Budget(100, 60, keys=5)
    for at, (key, cost) in enumerate(takes):
        crowd.take(key, cost, at)
        assert len(crowd) <= 5
    recent = list(dict.fromkeys(key for key, _ in reversed(takes)))[:5]
    assert len(crowd) == len(recent)


def test_many_tokens_take_the_memory_of_the_last_few() -> None:
    budget = Budget(100, 60, keys=100)
    for at in range(100_000):
        budget.take(str(at), 10, at)
    assert len(budget) == 100
    assert sys.getsizeof(budget._buckets) < 50_000


def test_what_is_left_is_told_without_taking_anything() -> None:
    budget = Budget(capacity=100, leak_per_minute=60)
    assert budget.left("a", 0) == 100
    assert len(budget) == 0
    budget.take("a", 70, 0)
    assert [budget.left("a", 0), budget.left("a", 0), budget.left("a", 10), budget.left("a", 600)] == [30, 30, 40, 100]
    assert budget.left("a", -5) == 30


@given(st.lists(st.tuples(st.integers(0, 120), st.floats(0, 5)), max_size=20))
def test_what_is_left_can_be_taken_and_no_more(spent: list[tuple[int, float]]) -> None:
    budget, now = Budget(100, 60), 0.0
    for cost, later in spent:
        now += later
        budget.take("a", cost, now)
    left = budget.left("a", now)
    if left < 99:
        assert budget.take("a", left + 1.001, now) is not None
    assert budget.take("a", left, now) is None


def test_a_refusal_says_what_is_left_and_when_to_come_again() -> None:
    error = BudgetSpentError(9_000, 200_000, 1_200, 2.34)
    assert str(error) == (
        "The query may be answered with 9,000 objects; of the 200,000 that you may ask for a minute, 1,200 are left. "
        "Ask again in 3 s, or for less."
    )
    assert error.facts["retryAfterSeconds"] == 3
