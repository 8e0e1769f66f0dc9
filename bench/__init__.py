"""Measurements, each printed beside its floor from the same run: `make bench`, `python -m bench tree`."""
