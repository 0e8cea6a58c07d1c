"""Callcap: call tracking with analysts' reviews, read through its Calls API v2."""
