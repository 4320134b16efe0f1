"""Everything a person does with a record: the one batch write path, scoped reads, search, screens."""
