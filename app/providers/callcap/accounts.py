"""Callcap's accounts of a call: the tree from corporate down to the campaign, and what the campaign is about."""

from functools import lru_cache

from app.domain import numbers
from app.domain.calls import CallDirection
from app.domain.labels import Label, LabelKind, label
from app.domain.org_units import CampaignDetails, OrgUnitKind, OrgUnitRecord
from app.providers.payload import Object, given, mapping, number, present, text

# The keys of `accounts`, from the top down: each level is the parent of the next.
LEVELS = {
    "corporate": OrgUnitKind.CORPORATE,
    "division": OrgUnitKind.DIVISION,
    "location": OrgUnitKind.LOCATION,
    "campaign": OrgUnitKind.CAMPAIGN,
}
# What stands in a campaign, but tells of the call.
_OF_THE_CALL = {"dialed_number", "destination_number", "ivr_option"}
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
        _unit(kind, tuple(given(unit, without=_OF_THE_CALL).items()), region)
        for key, kind in LEVELS.items()
        if text((unit := mapping(accounts.get(key))).get("id"))
    )


@lru_cache(maxsize=1024)  # every call repeats all that is told of its account
def _unit(kind: OrgUnitKind, told: tuple[tuple[str, str], ...], region: str | None) -> OrgUnitRecord:
    unit = dict(told)
    return OrgUnitRecord(
        kind=kind,
        provider_unit_id=unit["id"],
        name=unit.get("name"),
        external_id=unit.get("external_id"),
        label=unit.get("corporate_label"),
        campaign=_campaign(unit, region) if kind is OrgUnitKind.CAMPAIGN else None,
    )


def campaign_labels(campaign: Object) -> tuple[Label, ...]:
    """The campaign and its medium. The medium's id, by which the vendor searches, is not in the payload."""
    return label(LabelKind.CAMPAIGN, name=campaign.get("name"), id=campaign.get("id")) + label(
        LabelKind.MEDIUM, name=campaign.get("medium")
    )


def _campaign(unit: dict[str, str], region: str | None) -> CampaignDetails | None:
    details: CampaignDetails | None = present(
        CampaignDetails(
            medium=unit.get("medium"),
            medium_type=unit.get("medium_type"),
            tracking_number=numbers.parse(unit.get("callcap_number", ""), region),
            direction=unit.get("direction"),
            brand=unit.get("brand"),
            service_line=unit.get("service_line"),
            target=unit.get("target"),
            offer=unit.get("offer"),
            line_memo=unit.get("line-memo"),
            additional_line_memo=unit.get("addtl_line_memo"),
            default_revenue=number(unit.get("default_revenue_value")),
            cost_per_piece=number(unit.get("cost_per_piece_final")),
            estimated_cost_per_piece=number(unit.get("cost_per_piece_est")),
        )
    )
    return details
