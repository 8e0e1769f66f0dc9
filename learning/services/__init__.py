"""Writes of learning: skills, classes and home visits."""
