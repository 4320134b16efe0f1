"""Append-only history with a hash chain, and the outbox that tells the rest of the world what happened."""
