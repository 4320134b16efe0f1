"""Edits of a design: pure functions that make a new design of one, without touching the database."""
