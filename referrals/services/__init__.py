"""Writing: record a teaching, issue its code, confirm or dispute it, void it, give places and credit."""
