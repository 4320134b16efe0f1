"""Saved views: what a list, a board or a calendar shows, under a name; for oneself and for roles."""

import re
from urllib.parse import unquote_plus

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.people import make_role
from tests.factories.records import CAUSE
from tests.factories.team import Team
from tests.records.screens.conftest import Response, Screens, news_of, text_of

from trassa.expressions import read
from trassa.journal import Stream, list_entries
from trassa.kernel import Invalid
from trassa.people.actions import assign_roles
from trassa.people.queries import get_role
from trassa.records.actions.saved_views import open_first, open_first_for_me, save_view, share_view
from trassa.records.models import SavedView
from trassa.records.queries.saved_views import find_default
from trassa.records.types import Arrangement, Column, Filter, Narrowing
from trassa.schema.actions import asking_dependants_last, changing_schema
from trassa.schema.queries import SchemaScope, current_generation
from trassa.schema.types import Label, Layouts

LARGE = "amount__gte=3000000&source__in=avito,phone&order=-amount"


def save(screens: Screens, name: str, query: str = LARGE) -> Response:
    return screens.post(f"/t/deal/views/new?{query}", {"name": name})


def only_view() -> SavedView:
    return SavedView.objects.get(removed_at=None)


def links_of(menu: str) -> dict[str, str]:
    """Names of the saved views in a menu, with their addresses."""
    found = re.findall(
        r'<div class="menu-row"><a class="menu-item" href="([^"]+)".*?class="grow">([^<]+)<', menu
    )
    return {name: url.replace("&amp;", "&") for url, name in found}


def saved_by_admin(team: Team, name: str, arrangement: Arrangement | None = None, *filters: Filter) -> int:
    """A view of deals of the administrator; gives its id."""
    deal = current_generation().types["deal"]
    actor = team.actor("administrator")
    return save_view(name, deal, None, Narrowing(filters), arrangement or Arrangement(), actor=actor)


def share(team: Team, id: int, *roles: str, first: bool = False) -> None:
    """Give a view to roles, and let it open first for them."""
    ids = [get_role(code).pk for code in roles]
    share_view(id, ids, actor=team.actor("administrator"))
    if first:
        open_first(id, ids, actor=team.actor("administrator"))


def test_a_saved_view_leads_back_to_what_it_showed(seller: Screens, deal: int) -> None:
    saved = save(seller, " Крупные  сделки ")
    id = only_view().pk
    address = f"/t/deal/?amount__gte=3000000&source__in=avito%2Cphone&order=-amount&view={id}"
    assert (saved.status_code, saved.headers["HX-Redirect"]) == (204, address)
    assert links_of(text_of(seller.part("/t/deal/views"))) == {"Крупные сделки": address}
    assert seller.page(f"/views/{id}/").headers["Location"] == address
    page = text_of(seller.page(address))
    assert "Сумма: ≥ 3 000 000 ₽" in page
    assert "Источник: Авито, Звонок" in page
    assert "<title>Крупные сделки · Трасса</title>" in page


def test_columns_widths_groups_and_the_look_are_part_of_a_view(seller: Screens, deal: int) -> None:
    save(seller, "Плотный", "look=compact&cols=title:300,amount:120&group_by=stage")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("deal", "amount", new_code="total", label=Label("Итого", "Total"))
    address = seller.page(f"/views/{only_view().pk}/").headers["Location"]
    shown = "look=compact&cols=title:300,total:120&group_by=stage"
    assert unquote_plus(address) == f"/t/deal/?view={only_view().pk}&{shown}"


def test_a_view_outlives_the_name_of_its_field(seller: Screens) -> None:
    save(seller, "Крупные")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("deal", "amount", new_code="total", label=Label("Итого", "Total"))
    address = seller.page(f"/views/{only_view().pk}/").headers["Location"]
    assert address.startswith("/t/deal/?total__gte=3000000&source__in=avito%2Cphone&order=-total")


def test_a_view_says_which_retired_field_it_misses(seller: Screens) -> None:
    save(seller, "Крупные")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.retire_field("deal", "source")
    menu = text_of(seller.part("/t/deal/views"))
    assert "Этих полей больше нет, и вид без них: Источник" in menu
    assert links_of(menu)["Крупные"].startswith("/t/deal/?amount__gte=3000000&order=-amount")


def test_a_field_of_a_view_that_roles_work_with_is_not_taken_away(seller: Screens, team: Team) -> None:
    save(seller, "Мои")
    phone = Filter("source", "eq", "phone")
    share(team, saved_by_admin(team, "По звонкам", None, phone), "seller")
    columns = Arrangement(columns=(Column("title"), Column("source")))
    share(team, saved_by_admin(team, "С источником", columns), "seller")
    saved_by_admin(team, "Для себя", None, phone)
    with (
        pytest.raises(Invalid, match="вид «По звонкам», вид «С источником»") as refused,
        changing_schema(actor_id=None, cause=CAUSE) as change,
    ):
        change.retire_field("deal", "source")
    assert "Мои" not in str(refused.value)
    assert "Для себя" not in str(refused.value)
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.retire_field("contact", "phone")


def test_so_is_one_that_such_a_view_asks_for_in_an_expression_alone(team: Team) -> None:
    deal = current_generation().types["deal"]
    node = read("NOT(ISBLANK(client.phone))", SchemaScope(current_generation()), deal.id)
    admin = team.actor("administrator")
    id = save_view("С телефоном", deal, None, Narrowing(where=node), Arrangement(), actor=admin)
    share(team, id, "seller")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.save_layouts("deal", Layouts())
        change.save_layouts("contact", Layouts())
    for type, code in (("contact", "phone"), ("deal", "client")):
        with pytest.raises(Invalid, match="вид «С телефоном»"):
            retire(type, code)
    with pytest.raises(Invalid, match="вид «С телефоном»"), transaction.atomic(), asking_dependants_last():
        retire("contact", "phone")
    share(team, id)
    retire("contact", "phone")


def retire(type: str, code: str) -> None:
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.retire_field(type, code)


def test_a_view_keeps_an_expression_by_its_fields(seller: Screens, deal: int) -> None:
    save(seller, "Дорогие", "where=Сумма > 3000000 И Источник = %22Звонок%22")
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.change_field("deal", "amount", new_code="total", label=Label("Итого", "Total"))
    address = unquote_plus(seller.page(f"/views/{only_view().pk}/").headers["Location"])
    assert address.startswith('/t/deal/?where=Итого > 3000000 И Источник = "Звонок"&view=')
    assert f'data-id="{deal}"' in text_of(seller.page(address))
    with changing_schema(actor_id=None, cause=CAUSE) as change:
        change.retire_field("deal", "source")
    menu = text_of(seller.part("/t/deal/views"))
    assert "Этих полей больше нет, и вид без них: Итого &gt; 3000000 И [?] = " in menu
    page = text_of(seller.page(seller.page(f"/views/{only_view().pk}/").headers["Location"]))
    assert "Нет поля «?»" in page
    assert f'data-id="{deal}"' not in page


def test_an_expression_that_cannot_be_read_is_not_saved(seller: Screens) -> None:
    assert "Сохранить как вид" not in text_of(seller.part("/t/deal/views?where=nothing > 1"))
    refused = save(seller, "Пустой", "where=nothing > 1")
    assert refused.status_code == 422
    assert "Нет поля «nothing»" in text_of(refused)


def test_a_view_of_a_board_is_offered_on_the_board_and_on_its_list(seller: Screens) -> None:
    saved = save(seller, "Авито", "source=avito&pipeline=sales&on=board")
    id = only_view().pk
    assert saved.headers["HX-Redirect"] == f"/p/sales/?source=avito&view={id}"
    board = text_of(seller.part("/t/deal/views?pipeline=sales&on=board"))
    assert links_of(board) == {"Авито": f"/p/sales/?source=avito&view={id}"}
    listed = links_of(text_of(seller.part("/t/deal/views?pipeline=sales")))
    assert listed == {"Авито": f"/p/sales/?source=avito&view={id}"}
    assert links_of(text_of(seller.part("/t/deal/views"))) == {}


def test_a_changed_view_says_so_and_can_be_saved_or_put_back(seller: Screens, deal: int) -> None:
    save(seller, "Крупные", "amount__gte=3000000")
    id = only_view().pk
    same = text_of(seller.page(f"/t/deal/?amount__gte=3000000&view={id}"))
    assert ">изменён<" not in same
    for changed in (
        "amount__gte=9000000",
        "amount__gte=3000000&cols=title,amount",
        "amount__gte=3000000&order=amount",
    ):
        page = text_of(seller.page(f"/t/deal/?{changed}&view={id}"))
        assert ">изменён<" in page
        assert f'href="/t/deal/?amount__gte=3000000&amp;view={id}"' in page
    kept = seller.post(f"/t/deal/views/change?amount__gte=9000000&view={id}")
    assert kept.headers["HX-Redirect"] == f"/t/deal/?amount__gte=9000000&view={id}"
    assert only_view().lines[0]["value"] == "9000000"


def test_the_usual_columns_are_no_change(seller: Screens, deal: int) -> None:
    save(seller, "Все", "order=-amount")
    usual = "title,number,stage,client,source,amount,owner,created_at"
    page = text_of(seller.page(f"/t/deal/?order=-amount&cols={usual}&view={only_view().pk}"))
    assert ">изменён<" not in page


def test_another_way_of_looking_is_a_change(seller: Screens, deal: int) -> None:
    save(seller, "Доска", "pipeline=sales&on=board")
    id = only_view().pk
    assert ">изменён<" not in text_of(seller.page(f"/p/sales/?view={id}"))
    assert ">изменён<" in text_of(seller.page(f"/t/deal/?pipeline=sales&view={id}"))


def test_two_views_of_one_place_have_different_names(seller: Screens) -> None:
    save(seller, "Крупные")
    again = save(seller, "Крупные", "source=avito")
    assert again.status_code == 422
    assert "Вид с таким названием здесь уже есть" in text_of(again)
    assert 'value="Крупные"' in text_of(again)
    assert save(seller, "", "source=avito").status_code == 422
    assert save(seller, "Крупные", "source=avito&pipeline=sales").status_code == 204


def test_a_view_is_renamed_removed_and_brought_back(team: Team, seller: Screens) -> None:
    save(seller, "Крупные")
    id = only_view().pk
    assert 'value="Крупные"' in text_of(seller.part(f"/views/{id}/rename"))
    assert seller.post(f"/views/{id}/rename", {"name": "Важные"}).status_code == 204
    removed = news_of(seller.post(f"/views/{id}/remove"))
    assert seller.page(f"/views/{id}/").status_code == 404
    assert seller.post(removed["toast"]["undo"]).status_code == 204
    assert only_view().name == "Важные"
    kinds = [entry.kind for entry in list_entries(Stream("view", id))]
    assert kinds == ["restored", "removed", "changed", "created"]


def test_nobody_else_sees_a_filter(seller: Screens, other_seller: Screens, admin: Screens) -> None:
    save(seller, "Крупные")
    id = only_view().pk
    for somebody in (other_seller, admin):
        assert links_of(text_of(somebody.part("/t/deal/views"))) == {}
        assert somebody.page(f"/views/{id}/").status_code == 404
        assert somebody.post(f"/views/{id}/rename", {"name": "Чужой"}).status_code == 404
        assert somebody.post(f"/views/{id}/remove").status_code == 404
        assert somebody.post(f"/t/deal/views/change?source=avito&view={id}").status_code == 404


def test_a_shared_view_is_there_for_the_holders_of_its_roles(
    team: Team, seller: Screens, head: Screens, admin: Screens
) -> None:
    id = saved_by_admin(team, "Для продавцов")
    share(team, id, "seller")
    assert list(links_of(text_of(seller.part("/t/deal/views")))) == ["Для продавцов"]
    assert links_of(text_of(head.part("/t/deal/views"))) == {}
    assert seller.post(f"/views/{id}/rename", {"name": "Моё"}).status_code == 403
    assert seller.post(f"/t/deal/views/change?source=avito&view={id}").status_code == 403
    assert admin.post(f"/views/{id}/share", {"opens_for": str(get_role("head").pk)}).status_code == 204
    assert links_of(text_of(seller.part("/t/deal/views"))) == {}
    assert list(links_of(text_of(head.part("/t/deal/views")))) == ["Для продавцов"]
    assert head.page("/t/deal/").headers["Location"] == f"/t/deal/?view={id}"


def test_only_administrators_share(team: Team, seller: Screens, head: Screens) -> None:
    save(head, "Мой")
    id = only_view().pk
    role = str(get_role("seller").pk)
    assert head.post(f"/views/{id}/share", {"roles": role}).status_code == 403
    assert links_of(text_of(seller.part("/t/deal/views"))) == {}
    assert 'title="Поделиться' not in text_of(head.part("/t/deal/views"))


def test_whoever_changes_a_shared_view_is_told_who_uses_it(team: Team, admin: Screens) -> None:
    id = saved_by_admin(team, "Общий")
    share(team, id, "seller", "head")
    page = text_of(admin.page(f"/t/deal/?source=avito&view={id}"))
    roles = f"{get_role('head')}, {get_role('seller')}"
    assert f"Видом «Общий» пользуются: {roles} (3 человека). Изменить его для всех?" in page
    assert "Изменить его для всех?" not in text_of(admin.page(f"/t/deal/?view={id}"))


def test_a_shared_view_keeps_back_what_a_reader_may_not_see(
    team: Team, seller: Screens, head: Screens
) -> None:
    car = current_generation().types["car"]
    narrowing = Narrowing([Filter("floor_price", "gte", "4815162")], order="-floor_price")
    columns = Arrangement(columns=(Column("title"), Column("floor_price"), Column("make")), group="")
    actor = team.actor("administrator")
    id = save_view("Дорогие", car, None, narrowing, columns, actor=actor)
    share(team, id, "seller", "head")
    seen = unquote_plus(head.page(f"/views/{id}/").headers["Location"])
    assert (
        seen == f"/t/car/?floor_price__gte=4815162&order=-floor_price&view={id}&cols=title,floor_price,make"
    )
    hidden = unquote_plus(seller.page(f"/views/{id}/").headers["Location"])
    assert hidden == f"/t/car/?view={id}&cols=title,make"
    page = text_of(seller.page(hidden))
    assert "Часть этого вида не показана" in page
    assert ">изменён<" not in page
    assert "4815162" not in page + text_of(seller.part("/t/car/views"))


def test_an_expression_about_masked_fields_is_kept_back_whole(
    team: Team, seller: Screens, admin: Screens
) -> None:
    admin.post("/t/car/views/new?where=floor_price > 4815162", {"name": "Ниже пола"})
    id = only_view().pk
    share(team, id, "seller")
    assert seller.page(f"/views/{id}/").headers["Location"] == f"/t/car/?view={id}"
    assert "4815162" not in text_of(seller.page(f"/t/car/?view={id}"))


def test_the_own_default_goes_before_that_of_the_role(team: Team, seller: Screens) -> None:
    role = saved_by_admin(team, "Роли")
    share(team, role, "seller", first=True)
    assert seller.page("/t/deal/").headers["Location"] == f"/t/deal/?view={role}"
    save(seller, "Свой", "source=avito")
    own = SavedView.objects.get(name="Свой").pk
    assert seller.post(f"/views/{own}/default").status_code == 204
    assert seller.page("/t/deal/").headers["Location"] == f"/t/deal/?source=avito&view={own}"
    assert seller.page("/t/deal/?view=all").status_code == 200
    assert seller.page("/t/deal/?q=егоров").status_code == 200
    assert seller.part("/t/deal/", target="div#list").status_code == 200
    seller.post(f"/views/{own}/default")
    assert seller.page("/t/deal/").headers["Location"] == f"/t/deal/?view={role}"


def test_of_several_roles_the_first_by_code_decides(team: Team) -> None:
    deal = current_generation().types["deal"]
    make_role("a_first"), make_role("z_last")
    for code, name in (("z_last", "Последний"), ("a_first", "Первый")):
        share(team, saved_by_admin(team, name), code, first=True)
    assign_roles(team.newcomer, [get_role("z_last"), get_role("a_first")], actor_id=None)
    found = find_default(team.actor("newcomer"), deal, None)
    assert found is not None
    assert found.name == "Первый"


def test_a_place_opens_with_one_view_for_a_role(team: Team) -> None:
    deal = current_generation().types["deal"]
    for name in ("Прежний", "Новый"):
        share(team, saved_by_admin(team, name), "seller", first=True)
    found = find_default(team.actor("seller"), deal, None)
    assert found is not None
    assert found.name == "Новый"


@pytest.mark.parametrize("how", ["removed", "unshared"])
def test_a_default_that_is_gone_is_none(team: Team, seller: Screens, admin: Screens, how: str) -> None:
    id = saved_by_admin(team, "Общий")
    share(team, id, "seller", first=True)
    open_first_for_me(id, True, actor=team.actor("seller"))
    assert seller.page("/t/deal/").status_code == 302
    if how == "removed":
        admin.post(f"/views/{id}/remove")
    else:
        share(team, id, "head")
    assert seller.page("/t/deal/").status_code == 200


def test_opening_a_view_costs_one_statement_more(seller: Screens, deal: int) -> None:
    save(seller, "Крупные", "amount__gte=3000000")
    id = only_view().pk
    seller.page(f"/t/deal/?amount__gte=3000000&view={id}")
    with CaptureQueriesContext(connection) as without:
        seller.page("/t/deal/?amount__gte=3000000")
    with CaptureQueriesContext(connection) as opened:
        seller.page(f"/t/deal/?amount__gte=3000000&view={id}")
    assert len(opened) == len(without) + 1
