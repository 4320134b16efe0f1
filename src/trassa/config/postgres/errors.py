"""What can go wrong with the embedded server, in words that say what to do."""


class PostgresFailed(Exception):
    """The embedded server cannot be found, initialised, started or stopped."""
