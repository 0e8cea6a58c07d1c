"""Callcap's accounts of a call: the tree from corporate down to the campaign, and what the campaign is about."""

from app.domain import numbers
from app.domain.calls import CallDirection
from app.domain.labels import Label, LabelKind, label
from app.domain.org_units import CampaignDetails, OrgUnitKind, OrgUnitRecord
from app.providers.payload import Object, mapping, number, present, text

# The keys of `accounts`, from the top down: each level is the parent of the next.
LEVELS = {
    "corporate": OrgUnitKind.CORPORATE,
    "division": OrgUnitKind.DIVISION,
    "location": OrgUnitKind.LOCATION,
    "campaign": OrgUnitKind.CAMPAIGN,
}
DIRECTIONS = {
    "inbound": CallDirection.INBOUND,
    "outbound": CallDirection.OUTBOUND,
    "internal": CallDirection.INTERNAL,
}


def direction_of(campaign: Object) -> CallDirection:
    """The direction of the campaign's calls. Tracking numbers are there to be called: unsaid or unknown is inbound."""
    return DIRECTIONS.get((text(campaign.get("direction")) or "").casefold(), CallDirection.INBOUND)


def org_units(accounts: Object, region: str | None) -> tuple[OrgUnitRecord, ...]:
    """The levels that have an id, from the top down; without `detail=accounts` there are none."""
    return tuple(
        OrgUnitRecord(
            kind=kind,
            provider_unit_id=unit_id,
            name=text(unit.get("name")),
            external_id=text(unit.get("external_id")),
            label=text(unit.get("corporate_label")),
            campaign=_campaign(unit, region) if kind is OrgUnitKind.CAMPAIGN else None,
        )
        for key, kind in LEVELS.items()
        if (unit_id := text((unit := mapping(accounts.get(key))).get("id")))
    )


def campaign_labels(campaign: Object) -> tuple[Label, ...]:
    """The campaign and its medium. The medium's id, by which the vendor searches, is not in the payload."""
    return label(LabelKind.CAMPAIGN, name=campaign.get("name"), id=campaign.get("id")) + label(
        LabelKind.MEDIUM, name=campaign.get("medium")
    )


def _campaign(unit: Object, region: str | None) -> CampaignDetails | None:
    details: CampaignDetails | None = present(
        CampaignDetails(
            medium=text(unit.get("medium")),
            medium_type=text(unit.get("medium_type")),
            tracking_number=numbers.parse(text(unit.get("callcap_number")) or "", region),
            direction=text(unit.get("direction")),
            brand=text(unit.get("brand")),
            service_line=text(unit.get("service_line")),
            target=text(unit.get("target")),
            offer=text(unit.get("offer")),
            line_memo=text(unit.get("line-memo")),
            additional_line_memo=text(unit.get("addtl_line_memo")),
            default_revenue=number(unit.get("default_revenue_value")),
            cost_per_piece=number(unit.get("cost_per_piece_final")),
            estimated_cost_per_piece=number(unit.get("cost_per_piece_est")),
        )
    )
    return details
