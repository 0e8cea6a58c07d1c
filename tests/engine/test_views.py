"""What several statements of one page find is one view of the store, whatever happens between them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from app.domain.times import to_ms
from app.engine import page
from app.store import finding, pace
from app.store.tables import calls
from tests.builders import a_call, save
from tests.conftest import NOW, House, compiled_answer


async def test_calls_removed_between_two_looks_hide_none_of_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left would look as if all of it had been looked at."""
    monkeypatch.setattr(pace, "OF_INDEX", 6)
    monkeypatch.setattr(finding, "_NEAR", (20,))
    long = [*range(3), *range(53, 60)]
    made = [
        a_call(f"c{n:02}", started_at=NOW + timedelta(minutes=n), duration_seconds=700 if n in long else 5)
        for n in range(60)
    ]
    await save(house, *made)
    goes_on = page._Reading.goes_on

    async def removed_before(self: Any, near: int) -> bool:
        async with house.database.write() as connection:
            await connection.execute(delete(calls).where(calls.c.started_at < to_ms(NOW + timedelta(minutes=50))))
        return await goes_on(self, near)

    monkeypatch.setattr(page._Reading, "goes_on", removed_before)
    asked = (
        "{ calls(first: 5, orderBy: {direction: ASC}, filter: {durationSeconds: {gt: 100}}) "
        "{ nodes { providerCallId } pageInfo { hasNextPage } } }"
    )
    answer = await compiled_answer(house, asked, {})
    assert isinstance(answer, bytes)
    told = json.loads(answer)
    assert [one["providerCallId"] for one in told["calls"]["nodes"]] == ["c00", "c01", "c02", "c53", "c54"]
    assert told["calls"]["pageInfo"] == {"hasNextPage": True}
