"""Pages of records: parse, authorise through queries and actions, call, render."""
