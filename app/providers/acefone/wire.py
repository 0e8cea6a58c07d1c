"""Acefone's records are the cloudphone family's; its local times are Indian, too."""

from app.domain.sources import Provider
from app.providers.acefone.client import API
from app.providers.cloudphone.calls import ITEM_PATHS, items, records
from app.providers.contract import ProviderSpec

SPEC = ProviderSpec(
    provider=Provider.ACEFONE,
    title="Acefone",
    # The API's host is in the UK, but the times of its own sample are Indian: its epochs are five and a half hours
    # before its texts. An account elsewhere sets its source's zone and region.
    default_zone="Asia/Kolkata",
    default_region="IN",
    records=records,
    items=items,
    item_paths=ITEM_PATHS,
    api=API,
)
