"""Pages of the room `access`."""
