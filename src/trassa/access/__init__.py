"""Grants: who may see and do what; scopes as SQL; the answer to «why»."""
