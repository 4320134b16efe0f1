"""Configuration as files: plan, apply, export; loading of packs and their demo data."""
