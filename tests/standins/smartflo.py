"""Smartflo's account: the family's API, with its own way of letting in."""

from starlette.applications import Starlette

from tests.standins import cloudphone
from tests.standins.book import Book
from tests.standins.cloudphone import record as record

CREDENTIALS = {"token": "standin-secret-token"}


def app(book: Book) -> Starlette:
    """The vendor."""
    expected = CREDENTIALS["token"]
    return cloudphone.app(book, lambda request: request.headers.get("authorization") == expected)
