"""Persons, roles, departments, sign-in and API tokens."""
