"""The ground: clock, database, errors, events, unit of work, jobs, text and the web edge.

It knows no word of the domain and imports nothing of ours.
"""
