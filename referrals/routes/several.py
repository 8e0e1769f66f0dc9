"""Pages where several people are written down at once, and hints while a name is typed."""
