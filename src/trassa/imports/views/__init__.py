"""Screens of imports: parse, ask the actions, render."""
