"""Acefone's API is the cloudphone family's; an account elsewhere than in the UK says its own address."""

from app.providers.cloudphone.client import api

API = api("https://api-account-uk.acefone.com/v1/", True, ".servetel.in", ".acefone.com")
