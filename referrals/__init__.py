"""Referrals: who taught whom, the confirmation by the learner, and the teaching tree.

Words owned: teaching, contact, unique people, confirmation, lineage, credit, reach, generation.
"""
