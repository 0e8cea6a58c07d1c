"""OrgUnit: a level of the organisation that a call belongs to."""

from typing import Annotated

import strawberry

from app.domain.org_units import CampaignDetails, OrgUnitKind
from app.graphql import mirror
from app.graphql.declare import column, detail, shows, to_one
from app.graphql.types import number as number  # CampaignDetails holds one: its type has to be made first
from app.graphql.types.node import Node, node_id

LazyOrgUnit = Annotated["OrgUnit", strawberry.lazy("app.graphql.types.org_unit")]


@shows("org_units")
@strawberry.type(
    description="An organisation unit: corporate, division, location or campaign, each within the one above."
)
class OrgUnit(Node):
    """A row of org_units."""

    id = node_id("OrgUnit")
    kind = column(mirror.enum(OrgUnitKind), "kind", "Its level.")
    provider_unit_id = column(str, "provider_unit_id", "The vendor's id.")
    name = column(str | None, "name", "Its name.")
    external_id = column(str | None, "external_id", "The company's own id of it.")
    label = column(str | None, "label", "The label that the unit above gave it.")
    campaign = detail(mirror.output(CampaignDetails) | None, "What is kept of an advertising campaign.", "campaign")
    parent = to_one(LazyOrgUnit | None, "org_units", "parent_id", "The unit above; null at the top.")
