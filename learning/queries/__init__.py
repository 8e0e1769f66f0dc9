"""Reads of learning: skills, classes and home visits."""
