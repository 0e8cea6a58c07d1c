"""Dialling regions: the countries whose national numbers can be read."""

import phonenumbers

from app.domain.errors import InputError

# What people write for a code that they do not know.
_MEANT = {"UK": "GB", "EN": "GB", "USA": "US", "IND": "IN", "NEP": "NP", "UAE": "AE"}


def region_named(text: str) -> str:
    """The region of that ISO 3166 code, in capitals. Raises InputError for a code that is none."""
    region = text.strip().upper()
    if region in phonenumbers.SUPPORTED_REGIONS:
        return region
    advice = f"Write {_MEANT[region]}." if region in _MEANT else "Use two letters of ISO 3166 such as IN, NP or US."
    raise InputError(f"{text!r} is no dialling region. {advice}")
