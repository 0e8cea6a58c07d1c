"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
KEY = sa.String().with_variant(sa.TEXT(collation="C"), "postgresql")  # byte order on both engines
LEVELS = ("corporate_id", "division_id", "location_id", "campaign_id")
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """The first tables."""
    op.create_table(
        "number_suffixes",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("suffix", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "suffix", "number", name=op.f("pk_number_suffixes")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("number_suffixes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_number_suffixes_workspace_id_number"), ["workspace_id", "number"], unique=False
        )

    op.create_table(
        "words",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("word", KEY, nullable=False),
        sa.Column("owner_kind", KEY, nullable=False),
        sa.Column("owner_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "owner_kind", "word", "owner_id", name=op.f("pk_words")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("words", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_words_workspace_id_owner_kind_owner_id"),
            ["workspace_id", "owner_kind", "owner_id"],
            unique=False,
        )

    op.create_table(
        "workspaces",
        sa.Column("id", KEY, nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("connected_above_seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "contacts",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("identity", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("name_key", KEY, nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("lead_status_key", KEY, nullable=True),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_contacts_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("workspace_id", "identity", name=op.f("uq_contacts_workspace_id_identity")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contacts_workspace_id_name_key_id"), ["workspace_id", "name_key", "id"], unique=False
        )

    op.create_table(
        "excluded_numbers",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_excluded_numbers_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "number", name=op.f("pk_excluded_numbers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sources",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_success_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_sources_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_sources")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_sources_workspace_id_name")),
    )
    op.create_table(
        "agents",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("identity", KEY, nullable=False),
        sa.Column("provider_agent_id", KEY, nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("name_key", KEY, nullable=True),
        sa.Column("code", KEY, nullable=True),
        sa.Column("number", KEY, nullable=True),
        sa.Column("number_raw", sa.String(), nullable=True),
        sa.Column("number_kind", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=True),
        sa.Column("modified_at", sa.BigInteger(), nullable=True),
        sa.Column("last_call_at", sa.BigInteger(), nullable=True),
        sa.Column("last_sync_requested_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "source_id"],
            ["sources.workspace_id", "sources.id"],
            name=op.f("fk_agents_workspace_id_source_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_agents")),
        sa.UniqueConstraint(
            "workspace_id", "source_id", "identity", name=op.f("uq_agents_workspace_id_source_id_identity")
        ),
    )
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agents_workspace_id_name_key_id"), ["workspace_id", "name_key", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agents_workspace_id_source_id_name_key"),
            ["workspace_id", "source_id", "name_key"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_agents_workspace_id_source_id_number"), ["workspace_id", "source_id", "number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agents_workspace_id_source_id_provider_agent_id"),
            ["workspace_id", "source_id", "provider_agent_id"],
            unique=False,
        )

    op.create_table(
        "contact_numbers",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("contact_id", KEY, nullable=False),
        sa.Column("number_raw", sa.String(), nullable=False),
        sa.Column("number_kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"],
            ["contacts.workspace_id", "contacts.id"],
            name=op.f("fk_contact_numbers_workspace_id_contact_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "number", "contact_id", name=op.f("pk_contact_numbers")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("contact_numbers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_numbers_workspace_id_contact_id"), ["workspace_id", "contact_id"], unique=False
        )

    op.create_table(
        "org_units",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("provider_unit_id", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("external_id", KEY, nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("parent_id", KEY, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "source_id"],
            ["sources.workspace_id", "sources.id"],
            name=op.f("fk_org_units_workspace_id_source_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_org_units")),
        sa.UniqueConstraint(
            "workspace_id",
            "source_id",
            "kind",
            "provider_unit_id",
            name=op.f("uq_org_units_workspace_id_source_id_kind_provider_unit_id"),
        ),
    )
    op.create_table(
        "rejected_records",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "source_id"],
            ["sources.workspace_id", "sources.id"],
            name=op.f("fk_rejected_records_workspace_id_source_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_rejected_records")),
        sa.UniqueConstraint(
            "workspace_id", "source_id", "digest", name=op.f("uq_rejected_records_workspace_id_source_id_digest")
        ),
    )
    op.create_table(
        "agent_tags",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("agent_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "agent_id"],
            ["agents.workspace_id", "agents.id"],
            name=op.f("fk_agent_tags_workspace_id_agent_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", "agent_id", name=op.f("pk_agent_tags")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("agent_tags", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agent_tags_workspace_id_agent_id"), ["workspace_id", "agent_id"], unique=False
        )

    op.create_table(
        "calls",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("provider_call_id", KEY, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("modified_at", sa.BigInteger(), nullable=True),
        sa.Column("provider_synced_at", sa.BigInteger(), nullable=True),
        sa.Column("synced_at", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("provider_status", sa.String(), nullable=True),
        sa.Column("provider_status_key", KEY, nullable=True),
        sa.Column("duration_seconds", sa.BigInteger(), nullable=True),
        sa.Column("talk_seconds", sa.BigInteger(), nullable=True),
        sa.Column("ring_seconds", sa.BigInteger(), nullable=True),
        sa.Column("wait_seconds", sa.BigInteger(), nullable=True),
        sa.Column("hold_seconds", sa.BigInteger(), nullable=True),
        sa.Column("hold_count", sa.BigInteger(), nullable=True),
        sa.Column("phone_number", KEY, nullable=True),
        sa.Column("phone_number_raw", sa.String(), nullable=True),
        sa.Column("phone_number_kind", sa.String(), nullable=True),
        sa.Column("caller_number", KEY, nullable=True),
        sa.Column("caller_number_raw", sa.String(), nullable=True),
        sa.Column("caller_number_kind", sa.String(), nullable=True),
        sa.Column("dialed_number", KEY, nullable=True),
        sa.Column("dialed_number_raw", sa.String(), nullable=True),
        sa.Column("dialed_number_kind", sa.String(), nullable=True),
        sa.Column("destination_number", KEY, nullable=True),
        sa.Column("destination_number_raw", sa.String(), nullable=True),
        sa.Column("destination_number_kind", sa.String(), nullable=True),
        sa.Column("agent_id", KEY, nullable=True),
        sa.Column("contact_id", KEY, nullable=True),
        sa.Column("corporate_id", KEY, nullable=True),
        sa.Column("division_id", KEY, nullable=True),
        sa.Column("location_id", KEY, nullable=True),
        sa.Column("campaign_id", KEY, nullable=True),
        sa.Column("agent_name_key", KEY, nullable=True),
        sa.Column("contact_name_key", KEY, nullable=True),
        sa.Column("organisation_key", KEY, nullable=True),
        sa.Column("review_rank", sa.BigInteger(), nullable=True),
        sa.Column("queue_name", KEY, nullable=True),
        sa.Column("department_name", KEY, nullable=True),
        sa.Column("ivr_name", KEY, nullable=True),
        sa.Column("campaign_name", KEY, nullable=True),
        sa.Column("broadcast_name", KEY, nullable=True),
        sa.Column("trunk_name", KEY, nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("revenue", sa.Float(), nullable=True),
        sa.Column("billed_minutes", sa.Float(), nullable=True),
        sa.Column("charges", sa.Float(), nullable=True),
        sa.Column("has_recording", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "agent_id"],
            ["agents.workspace_id", "agents.id"],
            name=op.f("fk_calls_workspace_id_agent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"],
            ["contacts.workspace_id", "contacts.id"],
            name=op.f("fk_calls_workspace_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "source_id"],
            ["sources.workspace_id", "sources.id"],
            name=op.f("fk_calls_workspace_id_source_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_calls")),
        sa.UniqueConstraint(
            "workspace_id",
            "source_id",
            "provider_call_id",
            name=op.f("uq_calls_workspace_id_source_id_provider_call_id"),
        ),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calls_workspace_id_agent_id_started_at_id"),
            ["workspace_id", "agent_id", "started_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_calls_workspace_id_caller_number_started_at"),
            ["workspace_id", "caller_number", "started_at"],
            unique=False,
            sqlite_where=sa.text("caller_number IS NOT NULL"),
            postgresql_where=sa.text("caller_number IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_calls_workspace_id_contact_id_started_at_id"),
            ["workspace_id", "contact_id", "started_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_calls_workspace_id_destination_number_started_at"),
            ["workspace_id", "destination_number", "started_at"],
            unique=False,
            sqlite_where=sa.text("destination_number IS NOT NULL"),
            postgresql_where=sa.text("destination_number IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_calls_workspace_id_dialed_number_started_at"),
            ["workspace_id", "dialed_number", "started_at"],
            unique=False,
            sqlite_where=sa.text("dialed_number IS NOT NULL"),
            postgresql_where=sa.text("dialed_number IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_calls_workspace_id_phone_number_started_at_direction"),
            ["workspace_id", "phone_number", "started_at", "direction"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_calls_workspace_id_started_at_id"), ["workspace_id", "started_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_calls_workspace_id_synced_at"), ["workspace_id", "synced_at"], unique=False
        )
        for level in LEVELS:
            told = sa.text(f"{level} IS NOT NULL")
            batch_op.create_index(
                batch_op.f(f"ix_calls_workspace_id_{level}"),
                ["workspace_id", level],
                unique=False,
                sqlite_where=told,
                postgresql_where=told,
            )

    op.create_table(
        "call_labels",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("call_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "call_id"],
            ["calls.workspace_id", "calls.id"],
            name=op.f("fk_call_labels_workspace_id_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "key", "call_id", name=op.f("pk_call_labels")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("call_labels", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_call_labels_workspace_id_call_id"), ["workspace_id", "call_id"], unique=False
        )

    op.create_table(
        "call_legs",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("call_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("provider_kind", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("provider_status", sa.String(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("talk_seconds", sa.BigInteger(), nullable=True),
        sa.Column("ring_seconds", sa.BigInteger(), nullable=True),
        sa.Column("agent_id", KEY, nullable=True),
        sa.Column("number", KEY, nullable=True),
        sa.Column("number_raw", sa.String(), nullable=True),
        sa.Column("number_kind", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("provider_leg_id", sa.String(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "agent_id"],
            ["agents.workspace_id", "agents.id"],
            name=op.f("fk_call_legs_workspace_id_agent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "call_id"],
            ["calls.workspace_id", "calls.id"],
            name=op.f("fk_call_legs_workspace_id_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "call_id", "position", name=op.f("pk_call_legs")),
    )
    with op.batch_alter_table("call_legs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_call_legs_workspace_id_agent_id_call_id"),
            ["workspace_id", "agent_id", "call_id"],
            unique=False,
        )

    op.create_table(
        "call_payloads",
        sa.Column("workspace_id", KEY, nullable=False),
        sa.Column("call_id", KEY, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "call_id"],
            ["calls.workspace_id", "calls.id"],
            name=op.f("fk_call_payloads_workspace_id_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "call_id", name=op.f("pk_call_payloads")),
    )


def downgrade() -> None:
    """Undoes it."""
    op.drop_table("call_payloads")
    with op.batch_alter_table("call_legs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_legs_workspace_id_agent_id_call_id"))

    op.drop_table("call_legs")
    with op.batch_alter_table("call_labels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_labels_workspace_id_call_id"))

    op.drop_table("call_labels")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        for level in LEVELS:
            batch_op.drop_index(batch_op.f(f"ix_calls_workspace_id_{level}"))
        batch_op.drop_index(batch_op.f("ix_calls_workspace_id_synced_at"))
        batch_op.drop_index(batch_op.f("ix_calls_workspace_id_started_at_id"))
        batch_op.drop_index(batch_op.f("ix_calls_workspace_id_phone_number_started_at_direction"))
        batch_op.drop_index(batch_op.f("ix_calls_workspace_id_dialed_number_started_at"))
        batch_op.drop_index(batch_op.f("ix_calls_workspace_id_destination_number_started_at"))
        batch_op.drop_index(batch_op.f("ix_calls_workspace_id_contact_id_started_at_id"))
        batch_op.drop_index(batch_op.f("ix_calls_workspace_id_caller_number_started_at"))
        batch_op.drop_index(batch_op.f("ix_calls_workspace_id_agent_id_started_at_id"))

    op.drop_table("calls")
    with op.batch_alter_table("agent_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agent_tags_workspace_id_agent_id"))

    op.drop_table("agent_tags")
    op.drop_table("rejected_records")
    op.drop_table("org_units")
    with op.batch_alter_table("contact_numbers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_numbers_workspace_id_contact_id"))

    op.drop_table("contact_numbers")
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agents_workspace_id_source_id_provider_agent_id"))
        batch_op.drop_index(batch_op.f("ix_agents_workspace_id_source_id_number"))
        batch_op.drop_index(batch_op.f("ix_agents_workspace_id_source_id_name_key"))
        batch_op.drop_index(batch_op.f("ix_agents_workspace_id_name_key_id"))

    op.drop_table("agents")
    op.drop_table("sources")
    op.drop_table("excluded_numbers")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_workspace_id_name_key_id"))

    op.drop_table("contacts")
    op.drop_table("workspaces")
    with op.batch_alter_table("words", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_words_workspace_id_owner_kind_owner_id"))

    op.drop_table("words")
    with op.batch_alter_table("number_suffixes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_number_suffixes_workspace_id_number"))

    op.drop_table("number_suffixes")
