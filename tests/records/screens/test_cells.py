"""Cells of a list that open for editing: the card's field in a smaller frame."""

from tests.factories.team import Team
from tests.records.screens.conftest import Screens, news_of, text_of

from trassa.records.queries import get_record
from trassa.schema.queries import current_generation


def save(screens: Screens, id: int, code: str, value: str, version: int = 1) -> object:
    form = {code: value, "version": str(version), "shown": code}
    return screens.post(f"/r/deal/{id}/fields/{code}/save?in=list", form)


def amount_of(team: Team, id: int) -> str:
    record = get_record(team.actor("seller"), current_generation().types["deal"], id)
    return str(record.values["amount"])


def test_heads_say_which_columns_open(seller: Screens, deal: int) -> None:
    page = text_of(seller.page("/t/deal/"))
    assert 'data-code="amount" data-editable' in page
    assert 'data-code="owner" data-editable' in page
    assert 'data-code="created_at" class' in page


def test_the_cell_opens_with_the_field_of_the_card(seller: Screens, deal: int) -> None:
    form = text_of(seller.part(f"/r/deal/{deal}/fields/amount?in=list"))
    assert f'hx-post="/r/deal/{deal}/fields/amount/save?in=list" hx-target="closest td"' in form
    assert 'name="version" value="1"' in form
    assert 'value="5 800 000,00' in form


def test_a_saved_cell_is_news_for_the_list_and_can_be_undone(seller: Screens, team: Team, deal: int) -> None:
    saved = save(seller, deal, "amount", "6 000 000")
    events = news_of(saved)
    assert saved.status_code == 204
    assert events["record:changed"] == {
        "type": current_generation().types["deal"].id,
        "id": deal,
        "version": 2,
    }
    assert amount_of(team, deal) == "6000000.00"
    assert seller.post(events["toast"]["undo"]).status_code == 204
    assert amount_of(team, deal) == "5800000.00"


def test_saving_what_is_there_changes_nothing_and_says_nothing(seller: Screens, deal: int) -> None:
    events = news_of(save(seller, deal, "amount", "5800000"))
    assert "toast" not in events
    assert events["record:changed"]["version"] == 1


def test_a_fault_stands_in_the_cell(seller: Screens, team: Team, deal: int) -> None:
    refused = save(seller, deal, "amount", "много")
    page = text_of(refused)
    assert refused.status_code == 422
    assert 'class="inline cell-form"' in page
    assert 'value="много"' in page
    assert 'aria-invalid="true"' in page
    assert amount_of(team, deal) == "5800000.00"


def test_a_change_of_somebody_else_stands_in_the_cell(seller: Screens, team: Team, deal: int) -> None:
    save(seller, deal, "amount", "6000000")
    answer = save(seller, deal, "amount", "7000000", version=1)
    assert answer.status_code == 409
    assert "6 000 000" in text_of(answer)
    assert 'class="inline cell-form"' in text_of(answer)
    assert amount_of(team, deal) == "6000000.00"


def test_handing_a_record_over_out_of_sight_takes_its_row_away(
    seller: Screens, team: Team, deal: int
) -> None:
    events = news_of(save(seller, deal, "owner", str(team.other_seller.id)))
    assert events["record:gone"]["id"] == deal


def test_rights_are_those_of_the_card(other_seller: Screens, team: Team, deal: int) -> None:
    assert save(other_seller, deal, "amount", "1").status_code == 404
    assert other_seller.part(f"/r/deal/{deal}/fields/amount?in=list").status_code == 404
