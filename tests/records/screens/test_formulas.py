"""Formulas on cards: marked, explained step by step, drawn anew with what they use, never edited."""

from tests.factories.records import add_formula, create, edit, move
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, text_of

from trassa.records.models import Recount
from trassa.schema.queries import current_generation


def test_a_formula_is_marked_and_cannot_be_edited(seller: Screens, deal: int) -> None:
    add_formula("deal", "fee", "amount * 5%")
    html = text_of(seller.page(f"/r/deal/{deal}/"))
    assert f"/r/deal/{deal}/fields/fee/formula" in html
    assert f"/r/deal/{deal}/fields/amount/formula" not in html
    assert f'hx-get="/r/deal/{deal}/fields/fee"' not in html
    assert 'name="fee"' not in text_of(seller.page("/r/deal/new"))


def test_its_explanation_goes_down_to_the_records_behind_it(head: Screens, deal: int) -> None:
    add_formula("contact", "total", "SUM(deals.amount)")
    client = create("contact", fields={"name": "Орлов"})
    car = create("car", fields={"make": "BMW"})
    edit("deal", deal, client=client, car=car, amount="1500")
    html = text_of(head.part(f"/r/contact/{client}/fields/total/formula"))
    assert "1 500 ₽" in html
    assert "СУММ(Сделки.Сумма)" in html
    assert f'<a href="/r/deal/{deal}/">' in html


def test_who_does_not_see_what_it_uses_hears_no_more(seller: Screens, head: Screens) -> None:
    add_formula("car", "margin", "price - floor_price", formula_open=True)
    car = create("car", fields={"make": "BMW", "price": "700", "floor_price": "500"})
    for somebody, sees in ((seller, False), (head, True)):
        html = text_of(somebody.part(f"/r/car/{car}/fields/margin/formula"))
        assert "200 ₽" in html
        assert ("500" in html, "не видны" in html) == (sees, not sees)


def test_a_masked_formula_is_not_there(seller: Screens) -> None:
    add_formula("car", "margin", "price - floor_price")
    car = create("car", fields={"make": "BMW", "price": "700", "floor_price": "500"})
    assert "margin" not in text_of(seller.page(f"/r/car/{car}/"))
    assert seller.part(f"/r/car/{car}/fields/margin/formula").status_code == 404


def test_a_value_that_stays_says_since_when_and_why(head: Screens, deal: int) -> None:
    add_formula("deal", "fee", "amount * 5%", frozen_when='stage = "showing"')
    edit("deal", deal, amount="1000", car=create("car", fields={"make": "BMW"}))
    move("deal", deal, "showing")
    edit("deal", deal, amount="9000")
    html = text_of(head.part(f"/r/deal/{deal}/fields/fee/formula"))
    assert "50 ₽" in html
    assert "Зафиксировано сегодня" in html
    assert "потому что: Стадия = " in html
    assert "Зафиксировано сегодня" in text_of(head.page(f"/r/deal/{deal}/")), "beside its name"
    move("deal", deal, "new")
    html = text_of(head.part(f"/r/deal/{deal}/fields/fee/formula"))
    assert "450 ₽" in html
    assert "афиксировано" not in html
    history = text_of(head.part(f"/r/deal/{deal}/history"))
    assert "Зафиксировано: Fee" in history
    assert "Больше не зафиксировано: Fee" in history


def test_a_value_that_stays_says_so_also_where_the_formula_gives_the_same(head: Screens, deal: int) -> None:
    add_formula("deal", "fee", "amount * 5%", frozen_when='stage = "showing"')
    edit("deal", deal, amount="1000", car=create("car", fields={"make": "BMW"}))
    move("deal", deal, "showing")
    assert "Зафиксировано сегодня" in text_of(head.part(f"/r/deal/{deal}/fields/fee/formula"))


def test_who_does_not_see_the_condition_hears_only_since_when(seller: Screens, head: Screens) -> None:
    add_formula("car", "fee", "price * 5%", frozen_when="floor_price > 100")
    car = create("car", fields={"make": "BMW", "price": "700", "floor_price": "500"})
    for somebody, knows in ((seller, False), (head, True)):
        html = text_of(somebody.part(f"/r/car/{car}/fields/fee/formula"))
        assert ("Зафиксировано сегодня" in html, "потому что" in html) == (True, knows)


def test_while_many_are_counted_the_explanation_says_how_far(head: Screens, deal: int) -> None:
    add_formula("deal", "rest", "amount - car.price")
    car = create("car", fields={"make": "BMW", "price": "10"})
    edit("deal", deal, car=car)
    spec = current_generation().types["deal"]
    left = {"field_ids": [spec.by_code["rest"].id], "ids": [deal, deal + 1], "done": 1, "total": 2}
    Recount.objects.create(type_id=spec.id, cause={}, quiet=True, **left)
    assert "1 из 2" in text_of(head.part(f"/r/deal/{deal}/fields/rest/formula"))


def test_saving_a_field_draws_the_formulas_anew(team: Team, seller: Screens, deal: int) -> None:
    add_formula("deal", "fee", "amount * 5%")
    saved = text_of(seller.post(f"/r/deal/{deal}/fields/amount/save", {"amount": "2000"}))
    assert f'id="field-{deal}-fee"' in saved
    assert "100 ₽" in saved
