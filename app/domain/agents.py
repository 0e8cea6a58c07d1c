"""Agents: who works the phone (employee, CSR, call taker, extension)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from app.domain.frozen import quick
from app.domain.numbers import PhoneNumber


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDevice:
    """The phone of an agent whose calls are read from a handset (Callyzer)."""

    model: Annotated[str | None, "Model of the device."] = None
    version_code: Annotated[str | None, "Version code of the device."] = None
    board: Annotated[str | None, "The device's board."] = None
    android_version: Annotated[str | None, "Android version of the device."] = None
    sdk_version: Annotated[str | None, "Android SDK version of the device."] = None
    sim_id: Annotated[str | None, "Unique id of the SIM; null where the handset does not tell."] = None
    app_version: Annotated[str | None, "Version of the vendor's app on the device."] = None
    app_uninstalled: Annotated[bool | None, "Whether the vendor's app was removed from the device."] = None
    battery_percentage: Annotated[int | None, "Battery charge when last heard of, 0 to 100."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings:
    """How the vendor's app is set up for an agent (Callyzer)."""

    lead_active: Annotated[bool | None, "Whether the lead feature is on."] = None
    call_recording_active: Annotated[bool | None, "Whether call recording is on."] = None
    default_home_screen: Annotated[str | None, "The screen the app opens with."] = None
    note_dialog: Annotated[str | None, "When the app asks for a note."] = None
    call_recording_location: Annotated[str | None, "Where the device keeps its recordings."] = None
    log_active: Annotated[bool | None, "Whether the app's debug log is on."] = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRecord:
    """What one payload says of an agent. None means not said: it never erases what another payload said."""

    provider_agent_id: str | None = None
    name: str | None = None
    code: str | None = None
    number: PhoneNumber | None = None
    email: str | None = None
    tags: tuple[str, ...] | None = None
    registered_at: datetime | None = None
    modified_at: datetime | None = None
    last_call_at: datetime | None = None
    last_sync_requested_at: datetime | None = None
    device: AgentDevice | None = None
    settings: AgentSettings | None = None

    def __hash__(self) -> int:
        """Of what tells agents apart (see PhoneNumber)."""
        return hash((self.provider_agent_id, self.name))

    @property
    def known(self) -> bool:
        """Whether there is anything to match the agent by: an id, a number or a name."""
        return bool(self.provider_agent_id or (self.number and self.number.key) or self.name)
