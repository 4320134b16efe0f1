"""What screens of imports show, ready for their templates: texts, addresses, choices."""
