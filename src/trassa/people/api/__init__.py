"""Operations of the API on persons."""
