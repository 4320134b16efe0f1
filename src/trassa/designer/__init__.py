"""The designer: administrators build record types in the browser. See docs/decisions/0030-designer.md."""
