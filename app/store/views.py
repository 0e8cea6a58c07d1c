"""Read-only views for BI tools: friendly names, real timestamps, and no join that everybody needs left to be written.

They are made anew whenever the store is migrated, so that they always fit its tables. Nothing of ours reads them.
"""

from sqlalchemy import Connection, text

# Instants by the name that they have in a view: the tables have epoch milliseconds.
_CALL_TIMES = {
    "started_at": "c.started_at",
    "answered_at": "c.answered_at",
    "ended_at": "c.ended_at",
    "synced_at": "c.synced_at",
    "deleted_at": "c.deleted_at",
}
_CALLS = """
  SELECT c.workspace_id AS workspace, c.id AS call_id, s.name AS source, s.provider, c.provider_call_id, {times},
    c.direction, c.outcome, c.kind, c.provider_status,
    CASE WHEN c.outcome = 'ANSWERED'
      AND coalesce(c.talk_seconds, c.duration_seconds, 0) > w.connected_above_seconds THEN 1 ELSE 0 END AS is_connected,
    c.duration_seconds, c.talk_seconds, c.ring_seconds, c.wait_seconds, c.hold_seconds,
    c.phone_number, c.phone_country, c.caller_number, c.dialed_number, c.destination_number,
    c.agent_id, a.name AS agent_name, a.code AS agent_code, c.contact_id, k.name AS contact_name,
    c.queue_name AS queue, c.department_name AS department, c.ivr_name AS ivr, c.campaign_name AS campaign,
    c.broadcast_name AS broadcast, c.trunk_name AS trunk,
    corporate.name AS corporate, division.name AS division, location.name AS location, unit.name AS campaign_unit,
    c.has_recording, c.revenue, c.billed_minutes, c.charges
  FROM calls c
  JOIN workspaces w ON w.id = c.workspace_id
  JOIN sources s ON s.workspace_id = c.workspace_id AND s.id = c.source_id
  LEFT JOIN agents a ON a.workspace_id = c.workspace_id AND a.id = c.agent_id
  LEFT JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
  LEFT JOIN org_units corporate ON corporate.workspace_id = c.workspace_id AND corporate.id = c.corporate_id
  LEFT JOIN org_units division ON division.workspace_id = c.workspace_id AND division.id = c.division_id
  LEFT JOIN org_units location ON location.workspace_id = c.workspace_id AND location.id = c.location_id
  LEFT JOIN org_units unit ON unit.workspace_id = c.workspace_id AND unit.id = c.campaign_id
"""
_AGENTS = """
  SELECT a.workspace_id AS workspace, a.id AS agent_id, s.name AS source, s.provider, a.name, a.code, a.number, a.email,
    {times}
  FROM agents a JOIN sources s ON s.workspace_id = a.workspace_id AND s.id = a.source_id
"""
_CONTACTS = """
  SELECT k.workspace_id AS workspace, k.id AS contact_id, k.name, k.email, k.is_lead, n.number AS phone_number
  FROM contacts k
  LEFT JOIN contact_numbers n ON n.workspace_id = k.workspace_id AND n.contact_id = k.id
"""
_LABELS = """
  SELECT l.workspace_id AS workspace, l.call_id, l.kind, l.name
  FROM call_labels l WHERE l.name IS NOT NULL
"""
_VIEWS: dict[str, tuple[str, dict[str, str]]] = {
    "bi_calls": (_CALLS, _CALL_TIMES),
    "bi_agents": (_AGENTS, {"registered_at": "a.registered_at", "last_call_at": "a.last_call_at"}),
    "bi_contacts": (_CONTACTS, {}),
    "bi_call_labels": (_LABELS, {}),
}
NAMES = tuple(_VIEWS)


def drop(connection: Connection) -> None:
    """Takes the views away, so that their tables can be changed."""
    for name in NAMES:
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))


def create(connection: Connection) -> None:
    """Makes the views of this version."""
    for name, (body, times) in _VIEWS.items():
        shown = ", ".join(f"{_timestamp(connection, column)} AS {as_}" for as_, column in times.items())
        connection.execute(text(f"CREATE VIEW {name} AS {body.format(times=shown)}"))


def _timestamp(connection: Connection, column: str) -> str:
    """An instant as the engine's own: with its zone in PostgreSQL, as text in UTC in SQLite, which has no such type."""
    if connection.dialect.name == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%f', {column} / 1000.0, 'unixepoch')"
    return f"to_timestamp({column} / 1000.0)"
