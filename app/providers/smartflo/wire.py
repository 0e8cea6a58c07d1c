"""Smartflo's records are the cloudphone family's; its local times are Indian."""

from app.domain.sources import Provider
from app.providers.cloudphone.calls import ITEM_PATHS, items, records
from app.providers.contract import ProviderSpec
from app.providers.smartflo.client import API

SPEC = ProviderSpec(
    provider=Provider.SMARTFLO,
    title="Smartflo",
    default_zone="Asia/Kolkata",
    default_region="IN",
    records=records,
    items=items,
    item_paths=ITEM_PATHS,
    api=API,
)
