"""Node ids: opaque in the graph; inside, the type, the workspace and our id."""

from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Callable

from app.domain.errors import InputError
from app.domain.scope import Scope

_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def encode(type_name: str, scope: Scope, id: str) -> str:
    """The node id of a row."""
    return encoder(type_name, scope)(id)


def encoder(type_name: str, scope: Scope) -> Callable[[str], str]:
    """What makes the node ids of a type's rows."""
    prefix = f"{type_name}:{scope.workspace_id}:"

    def encode(id: str) -> str:
        return b2a_base64((prefix + id).encode(), newline=False).translate(_URL_SAFE, b"=").decode()

    return encode


def decode(scope: Scope, node_id: str) -> tuple[str, str] | None:
    """The type and our id; None where the text is no node id of this workspace, which says no more than "not found"."""
    found = _parts(node_id)
    return (found[0], found[2]) if found and found[1] == scope.workspace_id else None


def decode_as(scope: Scope, type_name: str, node_id: str) -> str | None:
    """Our id of a row of that type; None where it is of nothing in this workspace. Raises InputError for another type's.

    Another workspace's id of another type is told as one of ours is: neither says whether there is such a row.
    """
    found = _parts(node_id)
    if found is None:
        return None
    if found[0] != type_name:
        raise InputError(f"{node_id!r} is the id of a {found[0]}, not of a {type_name}.")
    return found[2] if found[1] == scope.workspace_id else None


def _parts(node_id: str) -> list[str] | None:
    """Type, workspace and our id; None where the text is no node id."""
    try:
        text = urlsafe_b64decode(node_id.encode("ascii") + b"=" * (-len(node_id) % 4)).decode("ascii")
    except ValueError:
        return None
    found = text.split(":")
    return found if len(found) == 3 and found[0].isidentifier() and found[2].isprintable() else None
