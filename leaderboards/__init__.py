"""Leaderboards: the ledger of credits, and the boards that rank chapters fairly.

Words owned: ledger entry, board, metric, score, rank.
"""
