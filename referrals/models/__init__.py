"""The tables of referrals, a module for each idea."""
