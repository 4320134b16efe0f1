"""What search reads: words of records with what rights need, and normalised keys.

A record has one part for its open words (`field_id` 0) and one for each restricted field that has
any, so that a masked field is never found by those who may not see it. Among the words stand marks of
type, department, owner and participants, so that one index answers «these words among my records»;
no text ever gives such a mark.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchDocument(models.Model):
    """The words of one record, or of one restricted field of it."""

    pk = models.CompositePrimaryKey("record_id", "field_id")
    record = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    field_id = models.BigIntegerField(default=0)
    type_id = models.BigIntegerField()
    pipeline_id = models.BigIntegerField(null=True)
    stage_id = models.BigIntegerField(null=True)
    words = SearchVectorField()

    class Meta:
        db_table = "records_search"
        indexes = [GinIndex(fields=["words"], name="records_search_words")]

    def __str__(self) -> str:
        return f"{self.record_id}:{self.field_id}"


class SearchState(models.Model):
    """By which rules the documents of a type were made, see `actions/renewing.py`."""

    type_id = models.BigIntegerField(primary_key=True)
    rules = models.TextField()

    class Meta:
        db_table = "records_search_state"

    def __str__(self) -> str:
        return f"{self.type_id}: {self.rules}"


class SearchWord(models.Model):
    """A distinct word of open documents, in lower case."""

    word = models.TextField(primary_key=True)

    class Meta:
        db_table = "records_word"
        indexes = [GinIndex(fields=["word"], name="records_word_parts", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class FreshText(models.Model):
    """Open text of a document just written, until its words are learned."""

    id = models.BigAutoField(primary_key=True)
    text = models.TextField()

    class Meta:
        db_table = "records_fresh_text"

    def __str__(self) -> str:
        return self.text[:80]


class SearchKey(models.Model):
    """A normalised key of a record: VIN after folding, E.164 phone, INN, e-mail, number."""

    pk = models.CompositePrimaryKey("record_id", "field_id", "value")
    record = models.ForeignKey("records.Anchor", models.CASCADE, related_name="+", db_index=False)
    field_id = models.BigIntegerField()
    type_id = models.BigIntegerField()
    value = models.TextField()

    class Meta:
        db_table = "records_key"
        indexes = [
            models.Index(
                fields=["type_id", "value", "record_id"], include=["field_id"], name="records_key_same"
            ),
            GinIndex(fields=["value"], name="records_key_parts", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.value
