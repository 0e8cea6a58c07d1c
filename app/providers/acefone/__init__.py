"""Acefone: cloud telephony, in the cloudphone family's dialect."""
