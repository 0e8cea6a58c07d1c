"""Asterisk: the call detail records that the open-source switch writes as CSV."""
