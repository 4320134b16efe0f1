"""Tables of types: what they should be by the metadata, what they are, and the statements between.

See docs/decisions/0001-one-table-per-type.md and 0002-physical-names.md.
"""
