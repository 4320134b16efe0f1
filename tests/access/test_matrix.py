"""The matrix of a role: cells, what comes from above, what a change means for whom."""

import pytest
from django.test import Client
from tests.databases import Lay
from tests.factories.records import allow, make_garage
from tests.factories.team import Team, make_team

from trassa.access.actions import set_grants
from trassa.access.matrix import EXTENTS, chosen_grants, extent_of
from trassa.access.queries import consequences_of, grants_of_role, holders_of_role
from trassa.access.screens.matrix import make_effects, make_matrix
from trassa.access.types import GrantSpec, Scope, Verb
from trassa.kernel import Conflict
from trassa.people.actions import assign_roles
from trassa.people.queries import get_role
from trassa.schema.queries import current_generation


@pytest.fixture(scope="module")
def built(lay: Lay) -> Team:
    def build() -> Team:
        make_garage()
        return make_team()

    return lay(build)


@pytest.fixture
def team(db: None, built: Team) -> Team:
    return built


@pytest.fixture
def page(team: Team, client: Client) -> Client:
    """A browser of the administrator."""
    client.force_login(team.administrator)
    return client


def deal_id() -> int:
    return current_generation().types["deal"].id


def test_every_extent_is_told_from_its_scopes() -> None:
    for name, scopes in EXTENTS.items():
        assert extent_of(scopes) == name
    assert extent_of([Scope.OWN, Scope.DEPARTMENT, Scope.BRANCH]) == "own+branch"
    assert extent_of([Scope.OWN, Scope.ALL]) == "all"


def test_cells_that_are_not_sent_stay_as_they_are(team: Team) -> None:
    present = grants_of_role(get_role("seller").id)
    chosen = chosen_grants(present, {f"t{deal_id()}.see": "own+branch"}, current_generation())
    deal = deal_id()
    own = {GrantSpec(Verb.SEE, Scope.OWN, deal), GrantSpec(Verb.SEE, Scope.BRANCH, deal)}
    assert {grant for grant in chosen if grant.type_id == deal and grant.verb is Verb.SEE} == own
    assert set(present) - own == set(chosen) - own


def test_a_cell_that_says_what_is_so_already_leaves_redundant_grants_alone(team: Team) -> None:
    role = get_role("seller")
    both = {GrantSpec(Verb.SEE, Scope.OWN), GrantSpec(Verb.SEE, Scope.ALL)}
    set_grants(role, both, actor_id=None)
    assert chosen_grants(grants_of_role(role.id), {"all.see": "all"}, current_generation()) == both


def test_a_field_is_opened_for_all_records_or_not_at_all(team: Team) -> None:
    price = current_generation().types["car"].by_code["floor_price"]
    cells = {f"f{price.id}.see": "own", f"f{price.id}.edit": "all"}
    chosen = chosen_grants([], cells, current_generation())
    assert chosen == {GrantSpec(Verb.EDIT, Scope.ALL, price.type_id, field_id=price.id)}


def test_a_cell_shows_what_a_line_above_gives(team: Team) -> None:
    grants = [GrantSpec(Verb.SEE, Scope.DEPARTMENT), GrantSpec(Verb.SEE, Scope.OWN, deal_id())]
    matrix = make_matrix(grants, grants, current_generation(), [deal_id()])
    sales = current_generation().pipelines["sales"]
    line = next(line for line in matrix.lines if line.key == f"p{sales.id}")
    assert line.cells[0].value == ""
    assert dict(line.cells[0].options)[""] == "↑ свои + отдел"


def test_who_has_it_by_another_role_gains_nothing(team: Team) -> None:
    seller = get_role("seller")
    assign_roles(team.seller, [seller, get_role("head")], actor_id=None)
    before = grants_of_role(seller.id)
    after = [*before, *allow("deal", Verb.SEE, scope=Scope.DEPARTMENT)]
    found = consequences_of(holders_of_role(seller.id), before, after, current_generation())
    assert [(each.verb, each.type_spec.code, each.gaining) for each in found if each.gaining] == [
        (Verb.SEE, "deal", (team.other_seller.name,))
    ]


def test_edit_without_see_gives_nothing(team: Team) -> None:
    seller = get_role("seller")
    set_grants(seller, [], actor_id=None)
    after = allow("deal", Verb.EDIT)
    assert not make_effects(consequences_of(holders_of_role(seller.id), [], after, current_generation()))


def test_saving_says_first_what_changes_and_can_be_taken_back(page: Client, team: Team) -> None:
    role = get_role("seller")
    before = grants_of_role(role.id)
    shown = page.get("/roles/seller/").content.decode()
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    cells = {"seen": seen, f"t{deal_id()}.see": "all", f"t{deal_id()}.export": ""}
    words = page.post("/roles/seller/preview", cells).content.decode()
    assert "2 человека: Seller, Seller2" in words
    assert grants_of_role(role.id) == before
    saved = page.post("/roles/seller/save", cells)
    assert saved.status_code == 200
    assert GrantSpec(Verb.SEE, Scope.ALL, deal_id()) in grants_of_role(role.id)
    assert page.post("/roles/seller/save", cells).status_code == 409
    history = page.get("/roles/seller/").content.decode().split("История")[1]
    assert "Права изменены" in history
    assert "Сделки, видеть: свои → все" in history
    undo = saved["HX-Trigger"].split('"undo": "')[1].split('"')[0]
    assert page.post(undo).status_code == 204
    assert grants_of_role(role.id) == before
    assert page.post(undo).status_code == 409


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(team: Team) -> None:
    role = get_role("seller")
    with pytest.raises(Conflict):
        set_grants(role, [], seen="something else", actor_id=None)


def test_a_copy_has_the_rights_but_not_the_people(page: Client, team: Team) -> None:
    sent = {"code": "x_junior", "ru": "Младший продавец"}
    assert page.post("/roles/new?like=seller", sent).status_code == 204
    copy = get_role("x_junior")
    assert grants_of_role(copy.id) == grants_of_role(get_role("seller").id)
    assert holders_of_role(copy.id) == []


def test_a_wrong_code_is_explained_and_what_was_typed_stays(page: Client) -> None:
    response = page.post("/roles/new", {"code": "Плохой код", "ru": "Кладовщик"})
    assert response.status_code == 422
    assert "Кладовщик" in response.content.decode()


def test_types_unfold_one_by_one_and_keep_what_was_chosen(page: Client) -> None:
    sales = current_generation().pipelines["sales"]
    cells = {f"t{deal_id()}.see": "branch", "toggle": str(deal_id())}
    text = page.post("/roles/seller/draft", cells, headers={"HX-Request": "true"}).content.decode()
    assert f'name="p{sales.id}.see"' in text
    assert "↑ ветка" in text
