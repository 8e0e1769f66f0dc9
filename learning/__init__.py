"""Learning: what is taught.

Words owned: skill.
"""
