"""Smartflo: Tata's cloud telephony, in the cloudphone family's dialect."""
