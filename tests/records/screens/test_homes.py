"""The home page: one's own by stages, what is overdue, the load of a team; moved and put away."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories.records import create
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, text_of

from trassa.kernel import now
from trassa.people.actions import change_department, save_place
from trassa.people.actions.places import arrange_own_home
from trassa.people.queries import get_department, get_person, get_role, place_of_role
from trassa.people.types import PlaceSpec
from trassa.records.actions.saved_views import save_view
from trassa.records.queries import read_where
from trassa.records.queries.homes import OpenPipeline, loads_of
from trassa.records.screens.homes import view_pipeline
from trassa.records.types import Arrangement, Narrowing, StageSum
from trassa.schema.queries import current_generation


@pytest.fixture
def headed(team: Team) -> Team:
    """The head of sales is the head of the branch."""
    change_department(get_department("branch"), head=team.head, actor_id=None)
    return team


def blocks_of(page: str) -> list[str]:
    """The addresses that the blocks of a home page fetch, in their order."""
    return [part.partition('"')[0] for part in page.split('home-block" hx-get="')[1:]]


def make_late(id: int) -> None:
    """Let the stage of a deal be due since yesterday."""
    deals = current_generation().types["deal"].model._default_manager
    deals.filter(pk=id).update(stage_due_at=now() - timedelta(days=1))


def test_a_seller_has_pipelines_and_a_head_the_team_as_well(
    headed: Team, seller: Screens, head: Screens
) -> None:
    assert "/home/team" not in blocks_of(text_of(seller.page("/home/")))
    assert "/home/pipelines" in blocks_of(text_of(seller.page("/home/")))
    assert "/home/team" in blocks_of(text_of(head.page("/home/")))
    assert seller.part("/home/team").status_code == 404


def test_own_pipelines_count_only_ones_own_open_records(team: Team, seller: Screens) -> None:
    for owner in (team.seller, team.seller, team.other_seller):
        create("deal", pipeline="sales", owner=owner.id, fields={"amount": "100"})
    page = text_of(seller.part("/home/pipelines"))
    assert "Новая" in page
    assert ">2</a></td>" in page
    assert "200 ₽" in page.replace("\xa0", " ")
    assert "Показ" not in page


def test_the_load_tells_open_and_overdue_work_of_each(headed: Team, head: Screens) -> None:
    make_late(create("deal", pipeline="sales", owner=headed.seller.id))
    create("deal", pipeline="sales", owner=headed.seller.id)
    create("deal", pipeline="sales", owner=headed.other_seller.id)
    loads = loads_of(headed.actor("head"), {headed.seller.id, headed.other_seller.id})
    assert [(each.person_id, each.open, each.overdue) for each in loads] == [
        (headed.seller.id, 2, 1),
        (headed.other_seller.id, 1, 0),
    ]
    assert headed.seller.name in text_of(head.part("/home/team"))


def test_the_load_costs_the_same_for_few_and_many(
    headed: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    actor = headed.actor("head")
    for _each in range(10):
        create("deal", pipeline="sales", owner=headed.seller.id)
    with django_assert_max_num_queries(3):
        loads_of(actor, {headed.seller.id, headed.other_seller.id, headed.head.id})


def test_blocks_are_moved_and_put_away_for_oneself_alone(
    headed: Team, head: Screens, seller: Screens
) -> None:
    before = blocks_of(text_of(head.page("/home/")))
    rows = ["entry:records.team", "hidden", "entry:records.pipelines"]
    assert head.post("/home/arrange", {"block": rows}).status_code == 204
    after = blocks_of(text_of(head.page("/home/")))
    assert after[0] == "/home/team"
    assert set(after) == set(before) - {"/home/pipelines"}
    assert get_person(headed.head.id).home == ["records.team", "-records.pipelines"]
    assert "/home/pipelines" in blocks_of(text_of(seller.page("/home/")))


def test_home_can_be_where_somebody_begins(team: Team, seller: Screens) -> None:
    seller.post("/settings/place", {"start_page": "home"})
    answer = seller.client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/home/")


def test_numbers_lead_to_the_list_of_what_they_count(team: Team, seller: Screens) -> None:
    make_late(create("deal", pipeline="sales", owner=team.seller.id))
    create("deal", pipeline="sales", owner=team.seller.id)
    create("deal", pipeline="sales", owner=team.other_seller.id)
    spec = current_generation().types["deal"]
    pipeline = next(each for each in spec.pipelines if each.code == "sales")
    found = OpenPipeline(spec, pipeline, [(pipeline.stages[0], StageSum(2, None, overdue=1))])
    [line] = view_pipeline(team.actor("seller"), found, only_own=True).stages
    assert f'href="{html.escape(line.url)}">2</a>' in text_of(seller.part("/home/pipelines"))
    for address, count in ((line.url, 2), (line.overdue_url, 1)):
        shown = text_of(seller.page(address))
        assert len(set(re.findall(r'href="(/r/deal/\d+/)"', shown))) == count


def test_who_sees_records_of_others_has_all_pipelines_too(
    headed: Team, seller: Screens, head: Screens
) -> None:
    for owner in (headed.seller, headed.other_seller):
        create("deal", pipeline="sales", owner=owner.id)
    assert "/home/pipelines/all" in blocks_of(text_of(head.page("/home/")))
    assert ">2</a>" in text_of(head.part("/home/pipelines/all"))
    assert ">1</a>" in text_of(seller.part("/home/pipelines/all"))


def test_a_role_says_with_which_blocks_its_people_begin_and_they_bring_back_the_others(
    team: Team, seller: Screens
) -> None:
    role = get_role("seller")
    save_place(role, PlaceSpec(home=("records.overdue", "work.tasks")), actor_id=None)
    shown = blocks_of(text_of(seller.page("/home/")))
    assert "/home/pipelines" not in shown
    assert shown[-1] == "/home/tasks"
    arrange_own_home(
        get_person(team.seller.id),
        actor_id=team.seller.id,
        shown=["records.pipelines"],
        hidden=["work.tasks"],
    )
    assert blocks_of(text_of(seller.page("/home/")))[0] == "/home/pipelines"
    assert "/home/tasks" not in blocks_of(text_of(seller.page("/home/")))


def test_an_administrator_chooses_the_blocks_of_a_role_in_the_editor_of_its_place(
    team: Team, seller: Screens
) -> None:
    role = get_role("seller")
    editor = Client()
    editor.force_login(team.administrator)
    page = editor.get(f"/roles/{role.code}/place").content.decode()
    assert 'value="entry:stage.sales.new"' in page
    rows = ["entry:stage.sales.new", "entry:work.tasks", "hidden", "entry:records.overdue"]
    sent = {"start": "board.sales", "block": rows}
    assert editor.post(f"/roles/{role.code}/place", sent).status_code == 200
    home = ("stage.sales.new", "work.tasks")
    assert place_of_role(role.id) == PlaceSpec(start="board.sales", home=home)
    create("deal", pipeline="sales", owner=team.seller.id)
    assert blocks_of(text_of(seller.page("/home/"))) == ["/home/lists/stage.sales.new", "/home/tasks"]


def test_a_role_that_keeps_to_what_everybody_has_says_nothing(team: Team) -> None:
    role = get_role("seller")
    editor = Client()
    editor.force_login(team.administrator)
    page = editor.get(f"/roles/{role.code}/place").content.decode()
    form = page[page.index('id="home-help"') :]
    rows = re.findall(r'name="block" value="(entry:[^"]+|hidden)"', form)
    editor.post(f"/roles/{role.code}/place", {"block": rows})
    assert place_of_role(role.id) == PlaceSpec()


def test_blocks_of_lists_count_what_one_sees_and_lead_to_it(team: Team, seller: Screens) -> None:
    make_late(create("deal", pipeline="sales", owner=team.seller.id))
    create("deal", pipeline="sales", owner=team.seller.id)
    create("deal", pipeline="sales", owner=team.other_seller.id)
    block = text_of(seller.part("/home/lists/stage.sales.new"))
    assert len(set(re.findall(r'href="(/r/deal/\d+/)"', block))) == 2
    assert block.count('class="num bad"') == 1
    [link] = re.findall(r'<a href="(/t/deal/[^"]*)">Всего: 2</a>', block)
    shown = text_of(seller.page(html.unescape(link)))
    assert len(set(re.findall(r'href="(/r/deal/\d+/)"', shown))) == 2


def test_a_saved_view_can_stand_on_the_home_page_of_who_sees_it(team: Team, seller: Screens) -> None:
    create("deal", pipeline="sales", owner=team.seller.id, fields={"amount": "900"})
    create("deal", pipeline="sales", owner=team.seller.id, fields={"amount": "5"})
    spec, actor = current_generation().types["deal"], team.actor("seller")
    large = Narrowing(where=read_where(actor, spec, "amount > 100"))
    view = save_view("Крупные", spec, None, large, Arrangement(), actor=actor)
    rows = ["entry:records.overdue", f"entry:view.{view}", "hidden"]
    assert seller.post("/home/arrange", {"block": rows}).status_code == 204
    address = f"/home/lists/view.{view}"
    assert address in blocks_of(text_of(seller.page("/home/")))
    assert "Всего: 1" in text_of(seller.part(address))
    stranger = Client(headers={"HX-Request": "true"})
    stranger.force_login(team.other_seller)
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize(
    "key", ["list.nothing", "stage.sales.nowhere", "choice.deal.amount.x", "view.0", "x"]
)
def test_a_block_that_names_nothing_is_not_there(seller: Screens, key: str) -> None:
    assert seller.part(f"/home/lists/{key}").status_code == 404
