"""Acefone: the family's parameters, and one call by its id. Its document leaves out how operators are written."""

from app.domain.sources import Provider
from tests.graphql.vendor_parameters.cloudphone import call_types, lengths, row, vendor
from tests.providers.acefone.parameters import PARAMETERS

VENDOR = vendor(
    Provider.ACEFONE,
    PARAMETERS,
    (
        *call_types(answered="answered", missed="missed"),
        *lengths({"gt": "greater", "gte": "at least", "lt": "less", "lte": "at most", "ne": "any other"}),
        row("call_id", "outbound", {"providerCallIds": ["outbound"]}, ("outbound",), ("outbound, not taken",)),
    ),
)
