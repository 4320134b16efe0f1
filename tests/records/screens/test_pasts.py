"""The past on a card: taking back, who changed a field, the card of a day."""

import re
from datetime import UTC, datetime

from tests.factories.records import CAUSE, create, edit
from tests.factories.team import Team
from tests.records.screens.conftest import Screens, news_of, text_of

from trassa.access.queries import system_actor
from trassa.kernel import frozen
from trassa.records.actions.comments import add_comment, delete_comment, edit_comment
from trassa.records.actions.gathering import Gathering, gather_records
from trassa.records.queries import get_record
from trassa.schema.queries import current_generation


def amount(id: int):
    return get_record(system_actor(), current_generation().types["deal"], id).values["amount"]


def test_a_line_of_history_can_be_taken_back(seller: Screens, deal: int) -> None:
    edit("deal", deal, amount="5900000")
    page = text_of(seller.page(f"/r/deal/{deal}/"))
    assert f"/r/deal/{deal}/history/2/revert" in page
    answer = seller.post(f"/r/deal/{deal}/history/2/revert")
    assert news_of(answer)["toast"]["text"] == "Изменение отменено"
    assert amount(deal) == 5800000
    assert "отмена изменения" in text_of(seller.page(f"/r/deal/{deal}/"))


def test_what_was_changed_since_is_named_with_its_author(team: Team, seller: Screens, deal: int) -> None:
    edit("deal", deal, amount="5900000")
    edit("deal", deal, actor=team.actor("head"), amount="6000000")
    answer = seller.post(f"/r/deal/{deal}/history/2/revert")
    assert answer.status_code == 409
    said = news_of(answer)["toast"]["text"]
    assert team.head.name in said
    assert "6\u00a0000\u00a0000" in said
    assert amount(deal) == 6000000


def test_a_field_tells_who_changed_it(seller: Screens, deal: int) -> None:
    edit("deal", deal, amount="5900000")
    edit("deal", deal, visit_on="2026-03-01")
    part = text_of(seller.part(f"/r/deal/{deal}/fields/amount/history"))
    assert "5 900 000" in part
    assert "отменить изменение" in part
    assert "1 марта" not in part
    assert (
        seller.part(f"/r/car/{create('car', fields={'make': 'Kia'})}/fields/floor_price/history").status_code
        == 404
    )


def test_the_card_of_a_day_can_only_be_read(team: Team, seller: Screens) -> None:
    with frozen(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        id = create("deal", owner=team.seller.id, fields={"amount": "1000"})
    with frozen(datetime(2026, 3, 5, 12, tzinfo=UTC)):
        edit("deal", id, amount="2000")
    page = text_of(seller.page(f"/r/deal/{id}/?as_of=2026-03-02"))
    assert "1 000 ₽" in page
    assert "2 000 ₽" not in page
    assert "К настоящему" in page
    assert "Карточка на 2 марта 2026." in page
    assert "Чтобы перейти" not in page
    assert "Карточка на 2 марта 2026, 09:30:00" in text_of(
        seller.page(f"/r/deal/{id}/?as_of=2026-03-02T09:30")
    )
    assert 'hx-trigger="edit"' not in page
    assert "since" in page
    assert seller.page(f"/r/deal/{id}/?as_of=2026-02-01").status_code == 404
    assert seller.page(f"/r/deal/{id}/?as_of=yesterday").status_code == 422


def test_the_card_of_a_day_has_what_had_been_said_by_then(team: Team, seller: Screens) -> None:
    deal = current_generation().types["deal"]
    with frozen(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        id = create("deal", owner=team.seller.id, fields={"amount": "1000"})
        first = add_comment(team.actor("seller"), deal, id, "Сказано сначала", cause=CAUSE)
        gone = add_comment(team.actor("seller"), deal, id, "Потом удалено", cause=CAUSE)
    with frozen(datetime(2026, 3, 5, 12, tzinfo=UTC)):
        edit_comment(team.actor("seller"), deal, id, first.id, "Исправлено", cause=CAUSE)
        add_comment(team.actor("seller"), deal, id, "Сказано позже", cause=CAUSE)
        delete_comment(team.actor("seller"), deal, id, gone.id, cause=CAUSE)
        edit("deal", id, amount="2000")
    then = text_of(seller.page(f"/r/deal/{id}/?as_of=2026-03-02"))
    assert "Сказано сначала" in then
    assert "Комментарий, удалённый позже" in then
    for other in ("Исправлено", "Сказано позже", "Потом удалено", "Сумма:"):
        assert other not in then, other
    later = text_of(seller.page(f"/r/deal/{id}/?as_of=2026-03-06"))
    assert "Исправлено" in later
    assert "Сказано позже" in later
    assert "Сказано сначала" not in later
    assert "<textarea" not in later


def test_what_had_been_said_about_another_record_came_with_the_merge_alone(
    team: Team, admin: Screens
) -> None:
    contact = current_generation().types["contact"]
    actor = team.actor("administrator")
    with frozen(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        into, source = (create("contact", fields={"name": name}) for name in ("А", "Б"))
        add_comment(actor, contact, source, "О втором", cause=CAUSE)
    with frozen(datetime(2026, 3, 3, 12, tzinfo=UTC)):
        gather_records(Gathering("contact", into, [source]), actor=actor, cause=CAUSE)
    assert "О втором" not in text_of(admin.page(f"/r/contact/{into}/?as_of=2026-03-02"))
    assert "О втором" in text_of(admin.page(f"/r/contact/{into}/?as_of=2026-03-04"))


def moments(page: str) -> list[str]:
    return re.findall(r'data-words="([^"]*)"></option>', page)


def test_the_card_of_a_moment_offers_every_change_in_words(team: Team, seller: Screens) -> None:
    with frozen(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        id = create("deal", owner=team.seller.id, fields={"amount": "1000"})
    with frozen(datetime(2026, 3, 5, 12, tzinfo=UTC)):
        edit("deal", id, actor=team.actor("head"), amount="2000")
    page = text_of(seller.page(f"/r/deal/{id}/?as_of=2026-03-02"))
    said = moments(page)
    assert len(said) == 2
    assert "5 марта 2026" in said[1]
    assert team.head.name in said[1]
    assert "Сумма" in said[1]
    assert f'aria-valuetext="{said[0]}"' in page
    assert 'max="1" value="0"' in page
    assert 'max="1" value="1"' in text_of(seller.page(f"/r/deal/{id}/?as_of=2026-03-06"))


def test_moments_tell_nothing_of_masked_fields(admin: Screens, seller: Screens) -> None:
    car = create("car", fields={"make": "Kia"})
    edit("car", car, floor_price="4000000")
    edit("car", car, make="Lada")
    own = moments(text_of(seller.page(f"/r/car/{car}/?as_of=2126-01-01")))
    assert len(own) == 2
    assert len(moments(text_of(admin.page(f"/r/car/{car}/?as_of=2126-01-01")))) == 3


def test_a_card_that_never_changed_has_nothing_to_move_through(seller: Screens, deal: int) -> None:
    assert "data-time" not in text_of(seller.page(f"/r/deal/{deal}/?as_of=2126-01-01"))
