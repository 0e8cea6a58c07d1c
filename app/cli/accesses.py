"""Commands that read or erase people's records write so in the access log, like the server's answers."""

import getpass
import os

from app.cli.running import now
from app.domain.access_log import Access
from app.domain.scope import Scope
from app.settings import Settings
from app.store import access_log
from app.store.database import Database

# Where an answer says which document, a command has none; its words would say whose number it was given.
_NO_DOCUMENT = ""
_DONE = 0


async def write_down(database: Database, scope: Scope, settings: Settings, command: str, rows: int) -> None:
    """Writes who of this machine's users runs a command on how many rows: before anything of it is shown or erased.

    Raises StoreError where that is not possible, so that nothing is shown or erased unseen.
    """
    if not settings.access_log:
        return
    name = _login()
    access = Access(now(), f"command:{name}", name, _NO_DOCUMENT, command, rows, "command", _DONE)
    async with database.write() as connection:
        await access_log.append(connection, scope, [access])


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"
