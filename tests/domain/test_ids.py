"""Our ids sort by time, never repeat, and are what UUIDv7 says."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import new_id, new_ids
from app.domain.times import EPOCH, to_ms

INSTANTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(INSTANTS)
def test_id_is_a_uuid_of_version_7(at: datetime) -> None:
    id = new_id(at)
    assert (len(id), id) == (32, id.lower())
    assert (UUID(hex=id).version, UUID(hex=id).variant) == (7, "specified in RFC 4122")


@given(INSTANTS, INSTANTS)
def test_ids_sort_by_time(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    if to_ms(second) > max(to_ms(first), 0):
        assert new_id(first) < new_id(second)


@given(INSTANTS)
def test_time_before_1970_counts_as_1970(at: datetime) -> None:
    assert int(new_id(at)[:12], 16) == max(to_ms(at), 0)


def test_ids_of_one_moment_differ() -> None:
    at = EPOCH + timedelta(days=20_000)
    assert len({new_id(at) for _ in range(10_000)}) == 10_000


@given(st.lists(INSTANTS.map(to_ms), max_size=50))
def test_ids_made_together_are_each_of_its_own_moment_and_differ(moments: list[int]) -> None:
    ids = new_ids(moments)
    assert [int(id[:12], 16) for id in ids] == [max(moment, 0) for moment in moments]
    assert len({id[17:] for id in ids}) == len(moments)  # by chance alone
    assert {(UUID(hex=id).version, UUID(hex=id).variant) for id in ids} <= {(7, "specified in RFC 4122")}
