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
    graphiql: bool = Field(default=True, description="Serve GraphiQL at /graphiql.")
    log_format: str = Field(
        default="text", pattern="^(text|json)$", description="How the log is written: text or json."
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
