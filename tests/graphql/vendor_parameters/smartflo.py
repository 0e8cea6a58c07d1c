"""Smartflo: the family's parameters, lengths compared by signs, and call types in one letter."""

from app.domain.sources import Provider
from tests.graphql.vendor_parameters.cloudphone import call_types, lengths, vendor
from tests.providers.smartflo.parameters import PARAMETERS

VENDOR = vendor(
    Provider.SMARTFLO,
    PARAMETERS,
    (
        *call_types(answered="c", missed="m"),
        *lengths({"gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "ne": "!="}),
    ),
)
