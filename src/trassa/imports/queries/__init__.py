"""Reads of this room: runs of a person, their rows, and what cells refer to."""
