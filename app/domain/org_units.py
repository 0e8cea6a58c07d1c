"""Organisation units: the tree of accounts a call belongs to (corporate, division, location, campaign)."""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from app.domain.numbers import PhoneNumber


class OrgUnitKind(Enum):
    """The level of an organisation unit, from the top."""

    CORPORATE = "CORPORATE"
    DIVISION = "DIVISION"
    LOCATION = "LOCATION"
    CAMPAIGN = "CAMPAIGN"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDetails:
    """What a vendor keeps of an advertising campaign (Callcap)."""

    medium: Annotated[str | None, "Where the campaign runs, such as `Website`."] = None
    medium_type: Annotated[str | None, "The kind of medium, such as `Collateral`."] = None
    tracking_number: Annotated[PhoneNumber | None, "The vendor's own number of the campaign."] = None
    direction: Annotated[str | None, "The direction of the campaign's calls, in the vendor's word."] = None
    brand: Annotated[str | None, "Brand."] = None
    service_line: Annotated[str | None, "Service line."] = None
    target: Annotated[str | None, "Whom the campaign aims at."] = None
    offer: Annotated[str | None, "Offer or coupon."] = None
    line_memo: Annotated[str | None, "Memo of the line."] = None
    additional_line_memo: Annotated[str | None, "Second memo of the line."] = None
    default_revenue: Annotated[float | None, "Revenue of a call where none is entered."] = None
    cost_per_piece: Annotated[float | None, "Final cost per piece."] = None
    estimated_cost_per_piece: Annotated[float | None, "Estimated cost per piece."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrgUnitRecord:
    """What one payload says of an organisation unit; in a call's list each is the parent of the next."""

    kind: OrgUnitKind
    provider_unit_id: str
    name: str | None = None
    external_id: str | None = None
    label: str | None = None
    campaign: CampaignDetails | None = None
