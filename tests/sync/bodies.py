"""Every body that is recorded of a vendor, decoded: what an import of its file would take."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.domain.sources import Provider
from app.providers.registry import spec_of

PROVIDERS = Path(__file__).parent.parent / "providers"


def payload_files(provider: Provider) -> list[Path]:
    """The files of recorded payloads."""
    folder = PROVIDERS / provider.value.lower() / "payloads"
    return sorted(path for path in folder.iterdir() if path.suffix in (".json", ".csv"))


def recorded_bodies(provider: Provider) -> Iterator[tuple[str, Any]]:
    """Each file's name and body."""
    for path in payload_files(provider):
        if path.suffix == ".json":
            yield path.name, json.loads(path.read_text("utf-8"))
        else:
            lines = spec_of(provider).lines
            assert lines is not None
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield path.name, list(lines(file))
