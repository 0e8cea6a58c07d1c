"""What a statistic of all calls is read from is made once; that of some calls, or of a limited viewer, each time."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.calls import CallDirection
from app.domain.filters import CallFilter
from app.domain.scope import Reach, Scope
from app.domain.statistics import CallGrouping
from app.store import totals
from app.store.stat_rows import Question, rows_for
from tests.conftest import SCOPE, UTC_ZONE

DAY = 86_400_000
ALL = Question(CallFilter(), (CallGrouping.DAY,), UTC_ZONE, 0, 30 * DAY, (), {})
SOME = replace(ALL, filter=CallFilter(direction=(CallDirection.INBOUND,)))
LIMITED = replace(SCOPE, reach=Reach(source_ids=("a",)))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The scopes and ranges that totals by day are made for."""
    found: list[Any] = []
    real = totals.day_rows

    def noted(scope: Scope, *given: Any) -> Any:
        found.append((scope, given[1:3]))
        return real(scope, *given)

    monkeypatch.setattr(totals, "day_rows", noted)
    return found


@pytest.mark.parametrize(("scope", "question", "times"), [(SCOPE, ALL, 1), (SCOPE, SOME, 2), (LIMITED, ALL, 2)])
def test_only_what_has_no_conditions_is_kept(made: list[Any], scope: Scope, question: Question, times: int) -> None:
    first, second = [str(rows_for(scope, question, frozenset({"calls"}), ())) for _ in range(2)]
    assert first == second
    assert len(made) == times


def test_what_is_kept_is_of_one_range_and_one_viewers_scope(made: list[Any]) -> None:
    later, other = replace(ALL, start=DAY), replace(SCOPE, workspace_id="other")
    for scope, question in ((SCOPE, ALL), (SCOPE, later), (other, ALL)) * 2:
        rows_for(scope, question, frozenset({"calls"}), ())
    assert made == [(SCOPE, (0, 30 * DAY)), (SCOPE, (DAY, 30 * DAY)), (other, (0, 30 * DAY))]
