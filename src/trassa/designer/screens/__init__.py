"""Pages of the designer as dataclasses of ready text."""
