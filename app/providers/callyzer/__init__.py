"""Callyzer: calls read from the handsets of a company's employees, and its small CRM of leads."""
