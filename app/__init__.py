"""Switchboard: one GraphQL endpoint over every phone system's call records."""
