"""Smartflo's API is the cloudphone family's; it takes the token alone, or as a bearer."""

from app.providers.cloudphone.client import api

API = api("https://api-smartflo.tatateleservices.com/v1/", False, ".tatateleservices.com")
