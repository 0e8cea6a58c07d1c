"""Phone numbers, kept four ways: the raw text, E.164, the digits, and what kind of number it is."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Annotated

import phonenumbers


class NumberKind(Enum):
    """What a number is, as far as the text alone can tell."""

    __hash__ = object.__hash__  # see LabelKind

    EXTERNAL = "EXTERNAL"
    INTERNAL = "INTERNAL"
    SHORT = "SHORT"
    WITHHELD = "WITHHELD"


# What vendors write instead of a number when the caller hides theirs.
WITHHELD_WORDS = {
    "anonymous", "blocked", "hidden", "no caller id", "not available", "not_available", "private", "restricted",
    "unavailable", "unknown", "withheld",
}  # fmt: skip
# What vendors write when there is no number at all.
ABSENT_WORDS = {"", "-", "n.a.", "n/a", "na", "nf", "none", "null"}
# "Extension-06040000219" parses as a valid Indian number: an extension's prefix has to be seen before parsing.
_EXTENSION = re.compile(r"(?:extension|ext|sip|pjsip|iax2?|dahdi|local|agent)\s*[-/:. ]\s*(?P<rest>.+)", re.IGNORECASE)
# "9x-80907xxxxx" parses as a number through vanity letters: masked digits have to be seen before parsing, too.
_MASKED = re.compile(r"[+\d\s().-]*[x*•][\dx*•\s().-]*", re.IGNORECASE)
# "*98" is a code that is dialled, not a number with one masked digit.
_STAR_CODE = re.compile(r"\*{1,2}\d{1,6}", re.ASCII)
# "44-7911123456": a country code, a hyphen, and the whole national number.
_HYPHENATED = re.compile(r"(?P<code>[1-9]\d{0,2})-(?P<number>\d{4,})", re.ASCII)
_SHORT_DIGITS = 6
_DIGITS = re.compile(r"\D")
# The last signs that a number is compared by: four of them have to fit into one entry of an index (2,700 bytes).
MOST_SIGNS = 128


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """One number as a vendor wrote it, and as it can be compared."""

    raw: Annotated[str, "The number as the vendor wrote it."]
    e164: Annotated[
        str | None,
        "The number in E.164 (`+9779810000078`); null where the text is no possible number of the source's region.",
    ]
    digits: Annotated[str, "The digits alone, for partial search; of the E.164 form where there is one."]
    kind: Annotated[NumberKind, "External, internal (an extension), short (a service code), or withheld."]

    def __hash__(self) -> int:
        """Of what tells numbers apart: batches look for them by the thousand, and to hash every field takes long."""
        return hash(self.raw)

    @property
    def key(self) -> str | None:
        """What equal numbers have in common, over all vendors; None for a withheld one, which equals nothing."""
        if self.kind is NumberKind.WITHHELD:
            return None
        return (self.e164 or self.digits or self.raw.casefold())[-MOST_SIGNS:]


def digits_of(text: str) -> str:
    """Only the digits of a text, in ASCII."""
    return _DIGITS.sub("", text) if text.isascii() else "".join(str(int(c)) for c in text if c.isdecimal())


@lru_cache(maxsize=200_000)
def parse(
    text: str, region: str | None, country_code: str = "", short: NumberKind = NumberKind.SHORT
) -> PhoneNumber | None:
    """The number in a vendor's text; None where the text says there is none.

    `region` is the source's dialling region ("NP"), without which only numbers with a plus get an E.164 form.
    `country_code` is the vendor's own digits before the number, where it keeps them apart. `short` is what up to six
    digits mean at this place: a service code, or an extension. Cached: real parsing costs some 30 µs.
    """
    raw = text.strip()
    if raw.casefold() in ABSENT_WORDS:
        return None
    if _STAR_CODE.fullmatch(raw):
        return PhoneNumber(raw, None, digits_of(raw), short)
    if raw.casefold() in WITHHELD_WORDS or _MASKED.fullmatch(raw):
        return PhoneNumber(raw, None, "", NumberKind.WITHHELD)
    if found := _EXTENSION.fullmatch(raw):
        return PhoneNumber(raw, None, digits_of(found["rest"]), NumberKind.INTERNAL)
    digits = digits_of(raw)
    if not digits or re.search(r"[^\W\d_]", raw):  # a SIP user, or letters between the digits
        return PhoneNumber(raw, None, digits, NumberKind.INTERNAL)
    if len(digits) <= _SHORT_DIGITS and not raw.startswith("+"):
        return PhoneNumber(raw, None, digits, short)
    e164 = _e164(raw, digits, region, digits_of(country_code))
    return PhoneNumber(raw, e164, e164[1:] if e164 else digits, NumberKind.EXTERNAL)


def hyphenated(text: str) -> str | None:
    """The E.164 form of a number whose country code stands before a hyphen (`44-7911123456`); None for any other text."""
    parts = _HYPHENATED.fullmatch(text.strip())
    if parts is None or int(parts["code"]) not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        return None
    found = parse(parts["number"], None, parts["code"])
    return found.e164 if found else None


@lru_cache(maxsize=20_000)
def extension(text: str) -> PhoneNumber | None:
    """The number of a field that the vendor's document calls an extension."""
    found = parse(text, None, "", NumberKind.INTERNAL)
    return found and PhoneNumber(found.raw, None, digits_of(found.raw), NumberKind.INTERNAL)


def _e164(raw: str, digits: str, region: str | None, country_code: str) -> str | None:
    if country_code and not raw.startswith("+"):
        raw = f"+{country_code}{digits}"
    elif digits.startswith("00") and not raw.startswith("+"):
        raw = f"+{digits[2:]}"
    found = _possible(raw, region)
    if found == raw:
        return found  # it does already: with a plus the region plays no part
    while found and (again := _possible(found, None)) != found:
        # parsing drops one trunk zero at a time ("+310 0175..."): an E.164 form has to mean itself when it is read again
        found = again
    return found


def _possible(text: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=200_000)
def country_of(e164: str) -> str | None:
    """The ISO 3166 region of an E.164 number; None where its country code serves no single region."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return None


def national(e164: str, region: str | None) -> str:
    """A number as it is dialled within its own country, digits alone; one of another country keeps its country code."""
    found = phonenumbers.parse(e164)
    if region and found.country_code == phonenumbers.country_code_for_region(region):
        return phonenumbers.national_significant_number(found)
    return digits_of(e164)
