"""Records of your own: Switchboard's calls, agents and contacts as JSON, for systems that have no folder here."""
