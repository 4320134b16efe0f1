"""The command line `trassa`: one noun a module. `app` is the entry point."""

from trassa.config.command.dispatch import app

__all__ = ["app"]
