"""Links to recordings: signed, each of one call and one viewer, for some minutes; whoever has one needs no token for it."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from app.domain.errors import GoneError, UnauthenticatedError
from app.domain.times import from_ms, to_ms

_SALT = b"switchboard recording links"
_MINUTE_MS = 60_000
_LONGEST = 2_000  # letters; the longest subject of a bearer fits
_Said = tuple[str, str, str, bool, int]
_decode = msgspec.json.Decoder(_Said).decode


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says: whose workspace and call it is of, and for whom it was made."""

    workspace_id: str
    call_id: str
    viewer_key: str
    # Whether the viewer may see numbers: vendors put them into the names of files.
    sees_numbers: bool


@dataclass(frozen=True, slots=True)
class RecordingLinks:
    """Makes links, and reads them. The first key signs, all are believed, so that a key can be changed."""

    keys: tuple[bytes, ...]
    lasting: timedelta

    def signed(self, link: Link, now: datetime) -> str:
        """The text of a link. It ends with a whole minute, so that a page asked for twice in one has the same links."""
        minute = -(-(to_ms(now) + self.lasting // timedelta(milliseconds=1)) // _MINUTE_MS)
        said = msgspec.json.encode((link.workspace_id, link.call_id, link.viewer_key, link.sees_numbers, minute))
        return f"{_text(said)}.{_text(_signature(self.keys[0], said))}"

    def read(self, text: str, now: datetime) -> Link:
        """What a link says. Raises UnauthenticatedError for one that is not ours, GoneError for one that has ended."""
        said, _, signature = text[:_LONGEST].partition(".")
        try:
            content, given = _bytes(said), _bytes(signature)
        except ValueError as error:
            raise UnauthenticatedError("This link is not valid.") from error
        if not any(hmac.compare_digest(_signature(key, content), given) for key in self.keys):
            raise UnauthenticatedError("This link is not valid.")
        workspace_id, call_id, viewer_key, sees_numbers, minute = _decode(content)
        if now >= from_ms(minute * _MINUTE_MS):
            raise GoneError("This link has ended. Ask for the call again: its recording then has a new one.")
        return Link(workspace_id, call_id, viewer_key, sees_numbers)


def recording_links(secrets: str, lasting: timedelta) -> RecordingLinks:
    """Links signed with keys made of the settings' secrets, with commas; without any, with a key that ends with the process."""
    given = [secret for secret in (part.strip() for part in secrets.split(",")) if secret]
    # Slow on purpose: who has a link must not find out by trying which phrase it was signed with.
    keys = [hashlib.scrypt(secret.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32) for secret in given]
    return RecordingLinks(tuple(keys) or (os.urandom(32),), lasting)


def _signature(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, said, "sha256")


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
