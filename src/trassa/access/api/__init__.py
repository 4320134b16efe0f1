"""Operations of the room `access`."""
