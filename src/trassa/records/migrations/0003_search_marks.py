"""Marks of department and person name the type too: `=d2` of a deal becomes `=t6d2`."""

from django.db import migrations

JOIN = """
    UPDATE records_search SET words = (
        SELECT array_to_tsvector(array_agg('=t' || type_id || substr(lexeme, 2)))
        FROM unnest(tsvector_to_array(words)) AS lexeme WHERE lexeme ~ '^=[do]'
    ) || ts_delete(words, ARRAY(
        SELECT lexeme FROM unnest(tsvector_to_array(words)) AS lexeme WHERE lexeme ~ '^=[do]'
    ))
    WHERE EXISTS (SELECT FROM unnest(tsvector_to_array(words)) AS lexeme WHERE lexeme ~ '^=[do]')
"""
PART = """
    UPDATE records_search SET words = (
        SELECT array_to_tsvector(array_agg(regexp_replace(lexeme, '^=t\\d+', '=')))
        FROM unnest(tsvector_to_array(words)) AS lexeme WHERE lexeme ~ '^=t\\d+[do]'
    ) || ts_delete(words, ARRAY(
        SELECT lexeme FROM unnest(tsvector_to_array(words)) AS lexeme WHERE lexeme ~ '^=t\\d+[do]'
    ))
    WHERE EXISTS (SELECT FROM unnest(tsvector_to_array(words)) AS lexeme WHERE lexeme ~ '^=t\\d+[do]')
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0002_files")]
    operations = [migrations.RunSQL(JOIN, PART)]
