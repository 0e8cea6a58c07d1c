"""What every table is made of: the one metadata, how its constraints are named, and the types of keys and instants."""

from sqlalchemy import BigInteger, MetaData, String
from sqlalchemy.dialects.postgresql import TEXT
from sqlalchemy.types import TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

# Byte order on both engines, so that a sorted page and its cursor mean the same everywhere.
Key: TypeEngine[str] = String().with_variant(TEXT(collation="C"), "postgresql")
Instant = BigInteger  # epoch milliseconds, UTC
