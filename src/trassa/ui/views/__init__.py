"""Pages of the room `ui`: its style guide."""
