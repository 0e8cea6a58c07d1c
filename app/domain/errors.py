"""The errors a person can cause, classed by what to do next; each says that in its message."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any


class SwitchboardError(Exception):
    """An error whose message is meant for the person at the other end; `code` is for their program."""

    code = "INTERNAL"
    # Figures of the message, by name, for a program that acts on them.
    facts: Mapping[str, Any] = {}


class InputError(SwitchboardError):
    """The request is wrong: change it. `code` says how."""

    def __init__(self, message: str, code: str = "BAD_USER_INPUT", **facts: Any) -> None:
        super().__init__(message)
        self.code, self.facts = code, facts


class ForbiddenError(SwitchboardError):
    """The viewer has not the right; the message names it."""

    code = "FORBIDDEN"


class UnauthenticatedError(SwitchboardError):
    """Nobody, or nobody known, asks."""

    code = "UNAUTHENTICATED"


class GoneError(SwitchboardError):
    """What was asked for was here, and is no more."""

    code = "GONE"


class IdentityProviderError(SwitchboardError):
    """Whether a bearer is valid cannot be said: its issuer's keys are not to be had just now."""

    code = "IDENTITY_PROVIDER_UNAVAILABLE"


class RecordError(SwitchboardError, ValueError):
    """One vendor record cannot be read: it goes to the dead letters with this reason; the others go on."""

    code = "RECORD_REJECTED"


class FileError(SwitchboardError):
    """A whole file or body cannot be read: nothing after this point of it was taken."""

    code = "FILE_UNREADABLE"


class StoreError(SwitchboardError):
    """The store is not there, or is not of this version: the message names the command that mends it.

    The message is for anyone; `detail` says where the store is, too, for the command line, the log and tracebacks.
    """

    code = "STORE_UNAVAILABLE"

    def __init__(self, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.detail = detail or message
        if detail:
            self.add_note(detail)


class VendorError(SwitchboardError):
    """A vendor does not give what was asked of it; what is stored stays as it is."""

    code = "VENDOR_UNAVAILABLE"


class TryLaterError(VendorError):
    """The vendor is away, too busy, or broke off: the same request may be answered after a while."""

    def __init__(self, message: str, after: timedelta | None = None) -> None:
        """`after` is how long the vendor asked us to wait, where it did."""
        super().__init__(message)
        self.after = after


class PageError(VendorError):
    """The vendor will not answer this request however often it is asked: give up this page, go on with the others."""

    code = "VENDOR_REFUSED"


class CredentialsError(VendorError):
    """The vendor does not accept the source's credentials, or its account: a person has to see to it."""

    code = "VENDOR_CREDENTIALS"
