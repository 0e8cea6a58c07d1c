"""The dialect of one product family: Smartflo and Acefone send the same records and differ only in their defaults.

It is no vendor of its own. Each vendor's `wire.py` makes its `SPEC` over `calls`, and neither knows the other.
"""
