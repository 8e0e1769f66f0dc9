"""Lists of people as they are really sent: any spreadsheet or text, opened safely and read with care.

Words: a *book* is one file opened, whatever its format; a *sheet* is one grid of it; a *cell* is one plain
value; a *row* counts from 1, as the sender's own program counts.
"""
