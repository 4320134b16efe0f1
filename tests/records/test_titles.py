"""Titles made of linked titles stay right when those change."""

import pytest
from tests.factories.records import create, edit

from trassa.access.queries import system_actor
from trassa.journal import Stream, list_entries
from trassa.records.events import RECORDS_CHANGED, refresh_linked_titles
from trassa.records.jobs import refresh_titles
from trassa.records.models import Anchor
from trassa.records.queries import get_record, search
from trassa.schema.queries import current_generation

pytestmark = pytest.mark.usefixtures("garage")


def test_records_that_show_a_changed_title_are_renewed_without_a_new_version():
    contact = create("contact", fields={"name": "Егоров"})
    deal = create("deal", fields={"client": contact})
    edit("contact", contact, name="Егорова Анна")
    spec = current_generation().types
    refresh_titles(spec["contact"].id, [contact])
    record = get_record(system_actor(), spec["deal"], deal)
    assert (record.title, record.version) == ("Егорова Анна", 1)
    assert Anchor.objects.get(pk=deal).title == "Егорова Анна"
    assert {hit.id for hit in search(system_actor(), "анна")} == {contact, deal}
    assert len(list_entries(Stream("record", deal))) == 1


def test_a_job_is_asked_for_only_when_a_title_changed():
    def payload(retitled: bool) -> dict:
        return {"items": [{"type": 7, "id": 1, "version": 2, "retitled": retitled}]}

    assert refresh_linked_titles([payload(False)]).jobs == []
    [job] = refresh_linked_titles([payload(True), payload(True)]).jobs
    assert (job.task, job.args) == ("records.refresh_titles", {"type_id": 7, "ids": [1]})
    assert RECORDS_CHANGED == "records.changed"
