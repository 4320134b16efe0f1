"""Everything that this room does: taking a file in, setting a run up, working on it, undoing it."""
