"""Badges: what a person has earned, why, and what is still missing.

Words owned: badge, award.
"""
