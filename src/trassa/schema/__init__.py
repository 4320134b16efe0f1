"""Record types, fields, pipelines and layouts, compiled to generations of tables and models."""
