"""The roof: assembles every package into one product and owns the pages that mix them.

Only `wsgi.py` imports it.
"""
