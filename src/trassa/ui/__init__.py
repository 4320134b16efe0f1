"""The screen toolkit: shell, components, formats. It knows no feature."""
