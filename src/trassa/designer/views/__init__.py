"""Pages of the designer: parse, ask the actions, render."""
