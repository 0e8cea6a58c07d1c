"""Node ids: opaque in the graph; inside, the type, the workspace and our id."""

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.errors import InputError
from app.domain.scope import Scope

# The only letters of ASCII whose bits can make a + or a / in base64.
_UNSAFE = b">?~\x7f"
_URL_SAFE, _FROM_URL_SAFE = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")


def encode(type_name: str, scope: Scope, id: str) -> str:
    """The node id of a row."""
    return encoder(type_name, scope)(id)


@dataclass(frozen=True, slots=True)
class Encoder:
    """Makes the node ids of a type's rows."""

    # What stands before our id.
    prefix: bytes

    def __call__(self, id: str) -> str:
        """The node id of the row with our id."""
        return b2a_base64(self.prefix + id.encode(), newline=False).translate(_URL_SAFE, b"=").decode()

    def inline(self, cell: str, name: Callable[[str, object], str]) -> str:
        """The source of the same for an expression that is one of our ids, whose 32 letters need no translation."""
        if self.prefix.translate(None, _UNSAFE) != self.prefix or not self.prefix.isascii():
            return f"{name('id', self)}({cell})"
        padding = -(len(self.prefix) + 32) % 3
        encode, prefix = name("base64", b2a_base64), name("prefix", self.prefix)
        return f"{encode}({prefix} + {cell}.encode())[:{-1 - padding}].decode()"  # without the newline, too


def encoder(type_name: str, scope: Scope) -> Encoder:
    """What makes the node ids of a type's rows."""
    return Encoder(f"{type_name}:{scope.workspace_id}:".encode())


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
        letters = node_id.encode("ascii").translate(_FROM_URL_SAFE)
        text = a2b_base64(letters + b"=" * (-len(node_id) % 4)).decode("ascii")
    except ValueError:
        return None
    found = text.split(":")
    return found if len(found) == 3 and found[0].isidentifier() and found[2].isprintable() else None
