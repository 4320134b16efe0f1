"""«My filters»: conditions of a list or a board under a name, for oneself."""

import re
from urllib.parse import unquote_plus

from tests.factories.records import CAUSE
from tests.factories.team import Team
from tests.records.screens.conftest import Response, Screens, news_of, text_of

from trassa.journal import Stream, list_entries
from trassa.records.models import SavedFilter
from trassa.schema.actions import changing_schema
from trassa.schema.types import Label

LARGE = "amount__gte=3000000&source__in=avito,phone&order=-amount"


def save(screens: Screens, name: str, query: str = LARGE) -> Response:
    return screens.post(f"/t/deal/saved/new?{query}", {"name": name})


def only_filter() -> SavedFilter:
    return SavedFilter.objects.get(removed_at=None)


def links_of(menu: str) -> dict[str, str]:
    """Names of the filters in a menu, with their addresses."""
    found = re.findall(r'<a class="menu-item" href="([^"]+)"[^>]*><span class="grow">([^<]+)</span>', menu)
    return {name: url.replace("&amp;", "&") for url, name in found}


def test_a_saved_filter_leads_back_to_its_conditions(seller: Screens, deal: int) -> None:
    saved = save(seller, " Крупные  сделки ")
    id = only_filter().pk
    address = f"/t/deal/?amount__gte=3000000&source__in=avito%2Cphone&order=-amount&filter={id}"
    assert (saved.status_code, saved.headers["HX-Redirect"]) == (204, address)
    assert links_of(text_of(seller.part("/t/deal/saved"))) == {"Крупные сделки": address}
    assert seller.page(f"/filters/{id}/").headers["Location"] == address
    page = text_of(seller.page(address))
    assert "Сумма: ≥ 3 000 000 ₽" in page
    assert "Источник: Авито, Звонок" in page


def test_a_filter_outlives_the_name_of_its_field(seller: Screens) -> None:
    save(seller, "Крупные")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("deal", "amount", new_code="total", label=Label("Итого", "Total"))
    address = seller.page(f"/filters/{only_filter().pk}/").headers["Location"]
    assert address.startswith("/t/deal/?total__gte=3000000&source__in=avito%2Cphone&order=-total")


def test_a_filter_says_which_retired_field_it_misses(seller: Screens) -> None:
    save(seller, "Крупные")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.retire_field("deal", "source")
    menu = text_of(seller.part("/t/deal/saved"))
    assert "Не действуют условия по полям: Источник" in menu
    assert links_of(menu)["Крупные"].startswith("/t/deal/?amount__gte=3000000&order=-amount")


def test_a_filter_keeps_an_expression_by_its_fields(seller: Screens, deal: int) -> None:
    save(seller, "Дорогие", "where=Сумма > 3000000 И Источник = %22Звонок%22")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("deal", "amount", new_code="total", label=Label("Итого", "Total"))
    address = unquote_plus(seller.page(f"/filters/{only_filter().pk}/").headers["Location"])
    assert address.startswith('/t/deal/?where=Итого > 3000000 И Источник = "Звонок"&filter=')
    assert f'data-id="{deal}"' in text_of(seller.page(address))
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.retire_field("deal", "source")
    menu = text_of(seller.part("/t/deal/saved"))
    assert "Не действуют условия по полям: Итого &gt; 3000000 И [?] = " in menu
    page = text_of(seller.page(seller.page(f"/filters/{only_filter().pk}/").headers["Location"]))
    assert "Нет поля «?»" in page
    assert f'data-id="{deal}"' not in page


def test_an_expression_that_cannot_be_read_is_not_saved(seller: Screens) -> None:
    assert "Сохранить как фильтр" not in text_of(seller.part("/t/deal/saved?where=nothing > 1"))
    refused = save(seller, "Пустой", "where=nothing > 1")
    assert refused.status_code == 422
    assert "Нет поля «nothing»" in text_of(refused)


def test_a_filter_of_a_board_is_offered_on_the_board_and_on_its_list(seller: Screens) -> None:
    saved = save(seller, "Авито", "source=avito&pipeline=sales&on=board")
    id = only_filter().pk
    assert saved.headers["HX-Redirect"] == f"/p/sales/?source=avito&filter={id}"
    board = text_of(seller.part("/t/deal/saved?pipeline=sales&on=board"))
    assert links_of(board) == {"Авито": f"/p/sales/?source=avito&filter={id}"}
    listed = links_of(text_of(seller.part("/t/deal/saved?pipeline=sales")))
    assert listed == {"Авито": f"/t/deal/?source=avito&pipeline=sales&filter={id}"}
    assert links_of(text_of(seller.part("/t/deal/saved"))) == {}


def test_changed_conditions_can_be_kept_in_the_opened_filter(seller: Screens) -> None:
    save(seller, "Крупные", "amount__gte=3000000")
    id = only_filter().pk
    same = text_of(seller.part(f"/t/deal/saved?amount__gte=3000000&filter={id}"))
    assert "Сохранить изменения" not in same
    assert "Сохранить изменения" in text_of(seller.part(f"/t/deal/saved?amount__gte=9000000&filter={id}"))
    changed = seller.post(f"/t/deal/saved/change?amount__gte=9000000&filter={id}")
    assert changed.headers["HX-Redirect"] == f"/t/deal/?amount__gte=9000000&filter={id}"
    assert only_filter().lines[0]["value"] == "9000000"


def test_without_conditions_there_is_nothing_to_save(seller: Screens) -> None:
    assert "Сохранить как фильтр" not in text_of(seller.part("/t/deal/saved?pipeline=sales"))
    assert "Сохранить как фильтр" in text_of(seller.part("/t/deal/saved?q=егоров"))


def test_two_filters_of_one_place_have_different_names(seller: Screens) -> None:
    save(seller, "Крупные")
    again = save(seller, "Крупные", "source=avito")
    assert again.status_code == 422
    assert "Такой фильтр здесь уже есть" in text_of(again)
    assert 'value="Крупные"' in text_of(again)
    assert save(seller, "", "source=avito").status_code == 422
    assert save(seller, "Крупные", "source=avito&pipeline=sales").status_code == 204


def test_a_filter_is_renamed_removed_and_brought_back(team: Team, seller: Screens) -> None:
    save(seller, "Крупные")
    id = only_filter().pk
    assert 'value="Крупные"' in text_of(seller.part(f"/filters/{id}/rename"))
    assert seller.post(f"/filters/{id}/rename", {"name": "Важные"}).status_code == 204
    removed = news_of(seller.post(f"/filters/{id}/remove"))
    assert seller.page(f"/filters/{id}/").status_code == 404
    assert seller.post(removed["toast"]["undo"]).status_code == 204
    assert only_filter().name == "Важные"
    kinds = [entry.kind for entry in list_entries(Stream("filter", id))]
    assert kinds == ["restored", "removed", "changed", "created"]


def test_nobody_else_sees_a_filter(seller: Screens, other_seller: Screens, admin: Screens) -> None:
    save(seller, "Крупные")
    id = only_filter().pk
    for somebody in (other_seller, admin):
        assert links_of(text_of(somebody.part("/t/deal/saved"))) == {}
        assert somebody.page(f"/filters/{id}/").status_code == 404
        assert somebody.post(f"/filters/{id}/rename", {"name": "Чужой"}).status_code == 404
        assert somebody.post(f"/filters/{id}/remove").status_code == 404
        assert somebody.post(f"/t/deal/saved/change?source=avito&filter={id}").status_code == 404
