"""A list is read to its end and no further, whatever the vendor says of its length."""

from dataclasses import replace
from typing import Any

import pytest

from app.providers.callyzer.client import HISTORY
from app.sync.reading import Reading

STREAM = replace(HISTORY, page_size=2)


def page(*ids: str, total: int | None = None) -> tuple[dict[str, Any], list[Any]]:
    """An answer, and the records in it."""
    records = [{"id": id} for id in ids]
    return {"result": records, "total_records": total}, records


def pages_read(*pages: tuple[dict[str, Any], list[Any]]) -> tuple[int, bool]:
    """How many of the pages are asked for, and whether the list held still."""
    reading = Reading()
    for number, (body, records) in enumerate(pages, 1):
        if not reading.add(STREAM, body, records):
            return number, reading.held_still
    raise AssertionError("more is asked for than there is")


def test_a_list_ends_where_the_vendor_says() -> None:
    assert pages_read(page("a", "b", total=3), page("c", total=3)) == (2, True)


def test_a_list_of_unknown_length_ends_with_a_page_that_is_not_full() -> None:
    assert pages_read(page("a", "b"), page("c")) == (2, True)


@pytest.mark.parametrize("total", [None, 10**6])
def test_a_vendor_that_gives_the_same_page_whatever_is_asked_for_is_not_asked_for_ever(total: int | None) -> None:
    asked, held_still = pages_read(*[page("a", "b", total=total)] * 3)
    assert asked == 2
    assert held_still == (total is None)


def test_a_vendor_that_promises_more_than_it_has_is_not_believed() -> None:
    assert pages_read(page("a", "b", total=5), page(total=5)) == (2, False)
