"""Roles have places: a first page and a menu of their own, which open nothing."""

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries
from tests.factories.people import make_person, make_role

from trassa.journal import Stream, list_entries
from trassa.kernel import Forbidden, Invalid
from trassa.people.actions import assign_roles, change_own_place, retire_role, save_place
from trassa.people.queries import get_person, place_of_role, places_of, start_pages
from trassa.people.screens.homes import wishes_of
from trassa.people.screens.menus import arrange
from trassa.people.types import MenuGroup, PlaceSpec
from trassa.ui import NavGroup, NavItem

ITEMS = {key: NavItem(key.title(), f"/{key}", key=key) for key in ("deals", "cars", "clients", "sites")}
GROUPS = [
    NavGroup("Work", [ITEMS["deals"], ITEMS["cars"]]),
    NavGroup("Data", [ITEMS["clients"], ITEMS["sites"], NavItem("Unnamed", "/unnamed")]),
    NavGroup("Administration", [NavItem("People", "/people", key="people")], is_last=True),
]


def shape(groups: list[NavGroup]) -> list[tuple[str, list[str]]]:
    return [(str(group.label), [str(item.label) for item in group.items]) for group in groups]


def test_without_places_everything_stays_where_its_room_puts_it() -> None:
    assert shape(arrange(GROUPS, [])) == shape(GROUPS)


def test_a_place_puts_its_groups_first_and_keeps_what_it_does_not_name() -> None:
    menu = (MenuGroup("mine", {"ru": "Моё", "en": "Mine"}, ("clients", "deals", "absent")),)
    place = PlaceSpec(menu=menu, hidden=("sites",), labels={"deals": {"ru": "Мои сделки"}})
    with translation.override("ru"):
        assert shape(arrange(GROUPS, [place])) == [
            ("Моё", ["Clients", "Мои сделки"]),
            ("Work", ["Cars"]),
            ("Data", ["Unnamed"]),
            ("Administration", ["People"]),
        ]


def test_several_roles_add_up_and_the_first_speaks_first() -> None:
    first = PlaceSpec(menu=(MenuGroup("a", {"ru": "А"}, ("cars",)),), hidden=("sites", "clients"))
    second = PlaceSpec(menu=(MenuGroup("b", {"ru": "Б"}, ("cars", "clients")),), hidden=("sites",))
    silent = PlaceSpec(start="cars")
    assert shape(arrange(GROUPS, [first, second, silent]))[:2] == [("А", ["Cars"]), ("Б", ["Clients"])]
    shown = [label for _group, labels in shape(arrange(GROUPS, [first, second, silent])) for label in labels]
    assert "Sites" not in shown


def test_what_somebody_pins_stands_first_even_when_their_role_hides_it() -> None:
    place = PlaceSpec(hidden=("sites",))
    with translation.override("en"):
        arranged = shape(arrange(GROUPS, [place], ["sites", "deals", "absent"]))
    assert arranged[:2] == [("Pinned", ["Sites", "Deals"]), ("Work", ["Cars"])]


@pytest.mark.django_db
def test_ones_own_wish_comes_before_those_of_the_roles_in_their_order() -> None:
    late, early, without = make_role("late"), make_role("early"), make_role("without")
    save_place(late, PlaceSpec("list.car", position=10), actor_id=None)
    save_place(early, PlaceSpec("board.sales"), actor_id=None)
    person = make_person(roles=[late, early, without])
    assert start_pages(get_person(person.id)) == ["board.sales", "list.car"]
    change_own_place(person, start_page="/t/deal/?q=x", actor_id=person.id)
    assert start_pages(get_person(person.id)) == ["/t/deal/?q=x", "board.sales", "list.car"]
    retire_role(early, actor_id=None)
    assert start_pages(get_person(person.id)) == ["/t/deal/?q=x", "list.car"]


@pytest.mark.django_db
def test_a_changed_place_is_seen_at_once_and_otherwise_costs_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    role = make_role()
    save_place(role, PlaceSpec("list.car"), actor_id=None)
    person = make_person(roles=[role])
    assert places_of(get_person(person.id))[0].start == "list.car"
    known = get_person(person.id)
    with django_assert_num_queries(0):
        places_of(known)
    save_place(role, PlaceSpec("list.deal"), actor_id=None)
    assert places_of(get_person(person.id))[0].start == "list.deal"
    assign_roles(person, [], actor_id=None)
    assert places_of(get_person(person.id)) == []


@pytest.mark.django_db
def test_a_place_is_written_to_the_history_of_its_role_by_administrators_alone() -> None:
    role, administrator, person = make_role(), make_person(is_administrator=True), make_person()
    with pytest.raises(Forbidden):
        save_place(role, PlaceSpec("list.car"), actor_id=person.id)
    save_place(role, PlaceSpec("list.car"), actor_id=administrator.id)
    save_place(role, PlaceSpec("list.car"), actor_id=administrator.id)
    [entry] = list_entries(Stream("role", role.id), only=("place_saved",))
    assert entry.changes == {"start": ("", "list.car")}
    with pytest.raises(Forbidden):
        change_own_place(administrator, start_page="", actor_id=person.id)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place",
    [
        PlaceSpec("//evil.example"),
        PlaceSpec("https://evil.example"),
        PlaceSpec("/\\evil.example"),
        PlaceSpec(menu=(MenuGroup("a", {}, ("cars",)), MenuGroup("b", {}, ("cars",)))),
        PlaceSpec(menu=(MenuGroup("a"), MenuGroup("a"))),
        PlaceSpec(hidden=("No key",)),
    ],
)
def test_a_place_that_leads_elsewhere_or_names_things_twice_is_refused(place: PlaceSpec) -> None:
    role = make_role()
    with pytest.raises(Invalid):
        save_place(role, place, actor_id=None)
    assert place_of_role(role.id) == PlaceSpec()


@pytest.mark.django_db
def test_a_home_page_begins_with_the_blocks_of_roles_until_somebody_arranges_their_own() -> None:
    first, second = make_role("first"), make_role("second")
    save_place(first, PlaceSpec(home=("records.team", "work.tasks"), position=1), actor_id=None)
    save_place(second, PlaceSpec(home=("work.tasks", "records.overdue"), position=2), actor_id=None)
    person = make_person("olga", roles=[first, second])
    keys = ["work.tasks", "records.pipelines", "records.overdue", "records.team"]
    usual = [NavItem(key, "/", key=key) for key in keys]
    wishes = wishes_of(get_person(person.id), usual)
    assert wishes == ["records.team", "work.tasks", "records.overdue", "-records.pipelines"]
    assert wishes_of(make_person("free"), usual) == []


@pytest.mark.django_db
def test_a_home_page_names_blocks_by_keys_only() -> None:
    with pytest.raises(Invalid):
        save_place(make_role("seller"), PlaceSpec(home=("/evil",)), actor_id=None)
