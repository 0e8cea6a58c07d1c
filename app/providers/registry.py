"""Every vendor, by name. A new one is a folder and a line here."""

from app.domain.errors import InputError
from app.domain.sources import Provider
from app.providers.acefone import wire as acefone
from app.providers.asterisk import wire as asterisk
from app.providers.callcap import wire as callcap
from app.providers.callyzer import wire as callyzer
from app.providers.contract import ProviderSpec
from app.providers.generic import wire as generic
from app.providers.smartflo import wire as smartflo
from app.providers.voxcrow import wire as voxcrow

PROVIDERS: dict[Provider, ProviderSpec] = {
    spec.provider: spec
    for spec in (voxcrow.SPEC, callcap.SPEC, smartflo.SPEC, acefone.SPEC, callyzer.SPEC, asterisk.SPEC, generic.SPEC)
}


def spec_of(provider: Provider) -> ProviderSpec:
    """What a vendor gives to the rest of the house."""
    return PROVIDERS[provider]


def names(*chosen: ProviderSpec) -> str:
    """The vendors' names as a sentence lists them: "voxcrow, callcap or asterisk"; of all where none is chosen."""
    *others, last = [spec.provider.value.lower() for spec in chosen or PROVIDERS.values()]
    return f"{', '.join(others)} or {last}" if others else last


def provider_named(name: str) -> Provider:
    """The vendor of that name, in any case. Raises InputError that lists the names there are."""
    try:
        return Provider[name.upper()]
    except KeyError as error:
        known = ", ".join(sorted(provider.value.lower() for provider in PROVIDERS))
        raise InputError(f"There is no provider {name!r}. Use one of: {known}.") from error
