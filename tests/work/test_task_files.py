"""Files of tasks: with them, and what came of them; seen by whoever the task is there for."""

import pytest
from django.test import Client
from tests.factories.api import client_of
from tests.factories.files import upload
from tests.factories.records import create
from tests.factories.tasks import give
from tests.factories.team import Team

from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid, NotFound
from trassa.records.actions.contents import expire_files
from trassa.records.actions.files import discard_upload
from trassa.records.models import File
from trassa.records.queries.files import get_file, list_record_files
from trassa.schema.queries import current_generation
from trassa.work.actions import complete_task
from trassa.work.actions.files import attach_files, remove_file, restore_file
from trassa.work.models import Task
from trassa.work.queries.files import files_of

pytestmark = pytest.mark.django_db


def names(id: int) -> list[str]:
    return [file.name for file in files_of(id)]


def test_a_task_is_given_with_files_and_gets_more_on_the_way(team: Team) -> None:
    head, seller = team.actor("head"), team.actor("seller")
    id = give(by=head, owner_id=team.seller.id, files=[upload(head, "план.pdf").id])
    attach_files(id, [upload(seller, "схема.pdf").id], actor=seller)
    assert names(id) == ["план.pdf", "схема.pdf"]
    attached, created = list_entries(Stream("task", id))
    assert attached.changes == {"files": (None, ["схема.pdf"])}
    assert created.changes["files"] == (None, ["план.pdf"])


def test_whoever_the_task_is_there_for_sees_its_files_and_nobody_else(team: Team) -> None:
    seller = team.actor("seller")
    deal = create("deal", actor=seller)
    alone = give(by=seller, files=[upload(seller).id])
    about = give(by=seller, record_id=deal, files=[upload(seller).id])
    [mine], [of_deal] = files_of(alone), files_of(about)
    for who in ("head", "administrator", "seller"):
        assert get_file(team.actor(who), of_deal.id).name == "паспорт.pdf"
    for file in (mine, of_deal):
        with pytest.raises(NotFound):
            get_file(team.actor("other_seller"), file.id)
    # It hangs on the task and not on the record.
    assert list_record_files(seller, current_generation().types["deal"], [deal]) == []


def test_only_own_uploads_that_wait_for_a_place_come_to_a_task(team: Team) -> None:
    seller = team.actor("seller")
    foreign, own = upload(team.actor("head")).id, upload(seller).id
    id = give(by=seller, files=[own])
    for file in (foreign, own, 2**40):
        with pytest.raises(Invalid):
            attach_files(id, [file], actor=seller)
    with pytest.raises(NotFound):
        discard_upload(seller, own)


def test_who_only_watches_changes_no_files_and_what_is_removed_comes_back(team: Team) -> None:
    seller, other = team.actor("seller"), team.actor("other_seller")
    id = give(by=seller, observers=[team.other_seller.id], files=[upload(seller).id])
    [file] = files_of(id)
    assert get_file(other, file.id)
    with pytest.raises(Forbidden):
        remove_file(id, file.id, actor=other)
    remove_file(id, file.id, actor=seller)
    assert names(id) == []
    with pytest.raises(NotFound):
        get_file(seller, file.id)
    restore_file(id, file.id, actor=seller)
    assert names(id) == ["паспорт.pdf"]


def test_what_came_of_a_task_stays_with_it(team: Team) -> None:
    seller = team.actor("seller")
    id = give(by=seller)
    complete_task(id, actor=seller, files=[upload(seller, "акт.pdf").id])
    [file] = files_of(id)
    assert (file.name, file.holder) == ("акт.pdf", "work.task_result")
    assert list_entries(Stream("task", id))[0].changes["files"] == (None, ["акт.pdf"])


def test_files_go_with_their_task_and_stay_as_long_as_it_is_there(team: Team) -> None:
    seller = team.actor("seller")
    id = give(by=seller, files=[upload(seller).id])
    assert expire_files() == 0
    Task.objects.filter(id=id).delete()
    assert expire_files() == 1
    assert not File.objects.filter(holder_id=id).exists()


def test_files_over_the_api_and_on_the_page(team: Team) -> None:
    api, seller = client_of(team, "seller"), team.actor("seller")
    task = api.post("tasks", {"title": "Осмотр", "files": [upload(seller, "план.pdf").id]}).json()
    place = f"tasks/{task['id']}/files"
    added = api.post(place, {"files": [upload(seller, "схема.pdf").id]}).json()["items"]
    assert [(each["name"], each["result"]) for each in added] == [("план.pdf", False), ("схема.pdf", False)]
    assert client_of(team, "other_seller").get(place).status_code == 404
    left = api.delete(f"{place}/{added[0]['id']}").json()["items"]
    assert [each["name"] for each in left] == ["схема.pdf"]
    client = Client()
    client.force_login(team.seller)
    address = f"/tasks/{task['id']}/files"
    assert client.post(address, {"files": str(upload(seller, "фото.pdf").id)}).status_code == 204
    assert client.post(address, {"files": "999999"}).status_code == 422
    assert client.post(f"{address}/{added[1]['id']}/remove").status_code == 204
    assert client.post(f"{address}/{added[1]['id']}/restore").status_code == 204
    sent = {"files": f"{upload(seller, 'акт.pdf').id}:"}
    assert client.post(f"/tasks/{task['id']}/complete", sent).status_code == 204
    page = client.get(f"/tasks/{task['id']}/").content.decode()
    assert all(name in page for name in ("схема.pdf", "фото.pdf", "акт.pdf", "Результат"))
