"""Every setting, from the environment: one table, which `switchboard --help` prints."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.errors import InputError
from app.domain.times import zone_named

PREFIX = "SWITCHBOARD_"


class Settings(BaseSettings):
    """The settings. The environment variable is the field's name in capitals, after SWITCHBOARD_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    database: str = Field(
        default="sqlite:///switchboard.sqlite",
        description="Where the calls are kept: sqlite:///file or postgresql://user:password@host/name.",
    )
    database_pool: int = Field(
        default=5, ge=1, le=100, description="Connections to the database that one process keeps."
    )
    behind_pgbouncer: bool = Field(
        default=False, description="The PostgreSQL address is a pgbouncer in transaction mode."
    )
    workspace: str = Field(
        default="main", pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="The company whose calls are served."
    )
    timezone: str = Field(
        default="UTC", description='The zone of a new workspace: what "today" means where a query names no zone.'
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    max_body_bytes: int = Field(
        default=262_144, ge=1_024, description="The largest request body taken; a larger one is answered 413."
    )
    deadline_seconds: float = Field(
        default=10.0,
        gt=0,
        le=300,
        description="How long a request's body may take to arrive, and then its answer; after that, 408 or 504.",
    )
    cors_origins: str = Field(
        default="",
        description="Origins whose pages may ask from a browser, with commas: https://dashboard.example. None else may.",
    )
    documents: str = Field(
        default="any",
        pattern="^(any|trusted)$",
        description="Which queries are answered: any, or only trusted ones, registered by `switchboard documents add`.",
    )
    introspection: str = Field(
        default="viewers",
        pattern="^(viewers|nobody)$",
        description="Who may read the schema: viewers, which is everyone with a token, or nobody.",
    )
    engine: bool = Field(
        default=True,
        description="Compile queries to plans (see `switchboard explain`); without it graphql-core answers them all.",
    )
    graphiql: bool = Field(default=True, description="Serve GraphiQL at /graphiql.")
    anonymous: bool = Field(
        default=False,
        description="Answer requests without a token, with every scope but admin. Only for a private network.",
    )
    query_cost: int = Field(
        default=10_000,
        ge=1,
        le=1_000_000,
        description="How many objects one request may ask for, where every connection counts its page size.",
    )
    budget_per_minute: int = Field(
        default=200_000,
        ge=0,
        le=1_000_000_000,
        description="How many objects a token may ask each server process for in a minute, then 429; 0 is no limit.",
    )
    access_log: bool = Field(
        default=True, description="Write down who asked what, and how many rows were read for it: see Privacy."
    )
    retention_hours: float = Field(
        default=24.0,
        ge=0,
        le=8_760,
        description="How often a server removes what is older than the retention rules allow; 0 is never.",
    )
    compact_seconds: float = Field(
        default=10.0,
        ge=0,
        le=3_600,
        description="How often a server looks whether calls have changed, and sums them up for statistics; 0 is never.",
    )
    sync: bool = Field(
        default=False, description="Pull the sources inside `switchboard serve`; else run `switchboard sync --follow`."
    )
    sync_seconds: float = Field(
        default=300.0, ge=10, le=86_400, description="How often each source is asked for what is new and changed."
    )
    credentials_key: str = Field(
        default="",
        pattern=r"^(.{16,})?$",
        description=(
            "The secret that stored credentials of sources are encrypted with, 16 characters or more. "
            "Several, with commas: the first encrypts, all decrypt."
        ),
    )
    recording_link_seconds: int = Field(
        default=300, ge=30, le=86_400, description="How long the link to a recording (`Recording.url`) can be used."
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        description="The address by which browsers reach this server, for links; else the one that each request names.",
    )
    jwt_issuer: str = Field(default="", description="The identity provider whose JWT bearers are trusted (iss).")
    jwt_audience: str = Field(default="", description="What its tokens for Switchboard are addressed to (aud).")
    jwt_keys: str = Field(
        default="",
        description="Its public keys: the https:// address of its JWKS, a JWKS itself, or the path of a file with one.",
    )
    jwt_keys_kept_hours: float = Field(
        default=24.0,
        ge=0.1,
        le=720,
        description="How long keys of an address are used on while the identity provider does not answer.",
    )
    jwt_leeway_seconds: int = Field(
        default=60, ge=0, le=600, description="How far the identity provider's clock and ours may be apart."
    )
    jwt_claims: str = Field(
        default="",
        description=(
            "Its names for our claims, where they are others, with commas: scope=permissions,workspace=org. "
            "A name with dots leads into objects: scope=realm_access.roles."
        ),
    )
    jwt_required: str = Field(
        default="",
        description="Claims, by its names, without which no JWT is taken, with commas: agent_ids. iss, aud, exp, sub always.",
    )
    tombstone_key: str = Field(
        default="",
        pattern=r"^(.{16,})?$",
        description="The secret that erased persons are remembered by, 16 characters or more; else one in the store.",
    )
    log_format: str = Field(
        default="text", pattern="^(text|json)$", description="How the log is written: text or json."
    )
    metrics_token: str = Field(
        default="", description="The bearer token with which Prometheus may read /metrics; empty shows it to nobody."
    )
    traces: bool = Field(
        default=False, description="Send OpenTelemetry traces to where OTEL_EXPORTER_OTLP_ENDPOINT says."
    )
    drain_seconds: float = Field(
        default=2.0,
        ge=0,
        le=15,  # 30 s in all: an operation that has begun may take another 10, and what is left is written down in 5
        description="After SIGTERM, how long open connections are still answered while /readyz says not ready.",
    )

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            return zone_named(name).key
        except InputError as error:
            raise InputError(f"{PREFIX}TIMEZONE: {error}") from error


def rows() -> list[tuple[str, str, str]]:
    """Every setting as (environment variable, default, meaning)."""
    return [
        (f"{PREFIX}{name.upper()}", str(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
