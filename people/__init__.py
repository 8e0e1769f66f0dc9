"""People: persons, accounts, units, wards, roles, consents and the audit log.

Words owned: person, account, unit, ward, role, actor, permission, consent, audit entry.
"""
