"""Asterisk's records are a file: it is read whole, and there is no request to filter by."""

PARAMETERS: dict[str, str] = {}
