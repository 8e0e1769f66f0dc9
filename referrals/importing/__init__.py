"""Reading a network from CSV files: pure rules, from the bytes of a file to rows, refusals and their words.

Words: a *survey* is what is known of a file before its first row; a *refusal* is one row that does not go in
(or goes in without one of its values), with its line, its value and what to do.
"""
