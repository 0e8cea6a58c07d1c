"""The table: what each request parameter of the vendors' documents is in the graph, a module a vendor."""

from tests.graphql.vendor_parameters import acefone, callcap, callyzer, smartflo, voxcrow
from tests.graphql.vendor_parameters.words import Vendor

VENDORS: tuple[Vendor, ...] = (voxcrow.VENDOR, callcap.VENDOR, smartflo.VENDOR, acefone.VENDOR, callyzer.VENDOR)
