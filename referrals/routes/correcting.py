"""Mend a typing mistake before the learner confirms; take one's own list along."""
