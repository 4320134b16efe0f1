"""Contents of files: where they lie, what they are, what is refused, what they look like.

Nothing here knows rows or rights; `actions.files` and `queries.files` do. See docs/decisions/0019-files.md.
"""
