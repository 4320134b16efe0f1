"""Operations of the API on types, records, boards and search.

Each operation reads the request, acts as the caller through the room's actions and queries, and writes
JSON. Rights are not decided here: what queries do not give and actions refuse is absent or a problem.
"""
