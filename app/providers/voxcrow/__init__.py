"""Voxcrow: a call centre on Asterisk, read through its call log API."""
