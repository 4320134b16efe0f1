"""The embedded PostgreSQL server: found, initialised, tuned, started and stopped without an installation."""
