"""The pages that work without signal, and the outbox of this phone."""
