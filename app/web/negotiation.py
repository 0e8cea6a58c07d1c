"""Media types: in which one to answer, and whether a body is in ours."""

from functools import lru_cache

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"


# A client says the same each time, and clients are few: what is said is looked at once.
@lru_cache(maxsize=256)
def accepted(accept: str) -> str:
    """The media type to answer in: of the two, the one the client likes better, and likes by name.

    Plain JSON for a client that names neither, as every client understood before there was the newer one.
    """
    weights: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weights.setdefault(name, _weight(parameters))
    newer, older = weights.get(GRAPHQL_JSON, 0), weights.get(JSON, 0)
    if newer == older:  # the one that is listed first
        return next((name for name in weights if name in (JSON, GRAPHQL_JSON) and newer), JSON)
    return GRAPHQL_JSON if newer > older else JSON


def essence(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


@lru_cache(maxsize=256)
def is_json(content_type: str, encoding: str) -> bool:
    """Whether a body is said to be JSON in UTF-8, uncompressed: the only one that is read."""
    kind, _, rest = content_type.partition(";")
    said = [piece.strip().lower().replace('"', "") for piece in rest.split(";")]
    other_charset = any(piece.startswith("charset=") and piece != "charset=utf-8" for piece in said)
    return essence(kind) == JSON and not other_charset and encoding.strip().lower() in ("", "identity")


def _weight(parameters: list[str]) -> float:
    """The `q` of an accepted type. One that is no number counts as none given."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0), 1)
            except ValueError:
                return 1
    return 1
