"""Work of this room that follows a write. Every job can run twice."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from trassa.access.queries import system_actor
from trassa.kernel import now
from trassa.records.actions import (
    announcing,
    bulk_runs,
    deadlines,
    exports,
    merging,
    recounting,
    renewing,
    search_documents,
    storing,
    titles,
    words,
)
from trassa.records.actions.batch import Batch
from trassa.records.actions.preparing import load_items
from trassa.records.actions.previews import preview_content
from trassa.schema.queries import current_generation, pin_for_write
from trassa.schema.types import FieldSpec, TypeSpec

_CHUNK = 500


@app.task(name="records.refresh_titles", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def refresh_titles(type_id: int, ids: list[int]) -> None:
    """Renew the titles that are made of the titles of these records; they do not change versions."""
    for spec in current_generation():
        for field in titles.title_fields(spec):
            if field.target_type_id == type_id and field.kind == "link":
                refresh_dependants(spec, field, ids)


@app.task(name="records.renew_deadlines", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def renew_deadlines() -> None:
    """Count deadlines anew where stages have other ones than before."""
    deadlines.renew_changed_deadlines()


@app.task(name="records.renew_formulas", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def renew_formulas() -> None:
    """Count formulas anew where they are others than records hold."""
    recounting.renew_formulas()


@app.task(name="records.recount", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def recount(recount: int) -> None:
    """Count formulas whose inputs changed, for a while; then others have their turn."""
    if recounting.work_on(recount):
        recounting.order_work(recount)


@app.periodic(cron="*/5 * * * *")
@app.task(name="records.take_up_recounts", queueing_lock="records.take_up_recounts")
def take_up_recounts(timestamp: int) -> None:
    """Order work again on formulas that are left to be counted."""
    recounting.take_up_recounts()


@app.task(name="records.recount_deadlines", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def recount_deadlines(people: list[int] | None) -> None:
    """Count deadlines anew after a change of calendars or absences."""
    deadlines.renew_deadlines_of(people)


@app.task(name="records.run_export", retry=RetryStrategy(max_attempts=4, exponential_wait=5))
def run_export(export: int) -> None:
    """Make the file of an export."""
    exports.run_export(export)


@app.task(name="records.follow_merge", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def follow_merge(merge: int) -> None:
    """Turn links that were made to a record while it was being merged away."""
    merging.follow_merge(merge)


@app.task(name="records.work_in_bulk", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def work_in_bulk(run: int) -> None:
    """Carry out or undo a change of many records, for a while; then others have their turn."""
    if bulk_runs.work(run, seconds=60.0):
        bulk_runs.order_work(run)


@app.periodic(cron="*/5 * * * *")
@app.task(name="records.take_up_bulk", queueing_lock="records.take_up_bulk")
def take_up_bulk(timestamp: int) -> None:
    """Order work again on changes of many records that nobody has touched for a while."""
    bulk_runs.take_up_lost_runs()


@app.periodic(cron="53 3 * * *")
@app.task(name="records.forget_bulk", queueing_lock="records.forget_bulk")
def forget_bulk_daily(timestamp: int) -> None:
    """Drop the runs whose time is over."""
    bulk_runs.forget_old_runs()


@app.task(name="records.preview", retry=RetryStrategy(max_attempts=3, exponential_wait=5))
def preview(hash: str) -> None:
    """Draw a content small, for cards and lists."""
    preview_content(hash)


@app.periodic(cron="13 * * * *")
@app.task(name="records.renew_search", queueing_lock="records.renew_search", lock="records.renew_search")
def renew_search_job(timestamp: int = 0) -> None:
    """Make documents and keys anew where fields began or ceased to be searched, restricted or names."""
    renewing.renew_search()


@app.periodic(cron="* * * * *")
@app.task(name="records.learn_words", queueing_lock="records.learn_words")
def learn_words_often(timestamp: int) -> None:
    """Take the words of what was written lately into the table by which search corrects misspelt ones."""
    words.learn_words()


@app.periodic(cron="47 2 * * *")
@app.task(name="records.forget_words", queueing_lock="records.forget_words")
def forget_words_daily(timestamp: int) -> None:
    """Drop the words that no record has any more."""
    words.forget_words()


def refresh_dependants(spec: TypeSpec, field: FieldSpec, ids: Sequence[int]) -> None:
    """Renew the titles of records whose `field` points at one of `ids`, a chunk a transaction."""
    rows = spec.model._default_manager.filter(**{f"{field.column}__in": list(ids)})
    dependants = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(dependants), _CHUNK):
        with transaction.atomic():
            retitle(spec.code, dependants[start : start + _CHUNK])


def retitle(type_code: str, ids: Sequence[int]) -> None:
    """Compose titles anew from present values and store those that differ."""
    batch = Batch(pin_for_write(), system_actor(), {"kind": "titles"}, now(), items=[])
    spec = batch.generation.types[type_code]
    batch.items += load_items(spec, ids)
    names = titles.load_names(batch, batch.items)
    with translation.override(settings.LANGUAGE_CODE):
        for item in batch.items:
            item.after["title"] = titles.compose_title(item, names)
            item.touched = bool(item.changed_columns())
    storing.update_rows(batch.statements, spec, batch.stored)
    storing.update_anchors(batch.statements, batch.stored)
    search_documents.store_search_documents(batch)
    batch.statements.run()
    announcing.announce(batch)
