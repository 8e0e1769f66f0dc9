"""Writes of people, split by idea: persons, accounts, roles, units, places, consents, audit."""
