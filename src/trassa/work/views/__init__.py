"""Screens of this room: parse, ask the actions, render."""
