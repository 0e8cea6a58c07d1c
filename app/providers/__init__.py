"""The vendors: one folder each, and one line in `registry`. Nothing above names a vendor.

`contract` says what a vendor gives, `payload` reads single values out of whatever a vendor sends. Every `wire.py` is
pure: a decoded payload in, domain records out, `RecordError` with the reason where there can be none.
"""
