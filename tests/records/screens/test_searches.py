"""The search box, its page, pickers of records, tickets and navigation."""

from tests.factories.records import create
from tests.records.screens.conftest import Screens, text_of

from trassa.journal import read_ticket
from trassa.schema.queries import current_generation


def test_search_answers_to_words(seller: Screens, deal: int) -> None:
    answers = text_of(seller.part("/search/answers?q=егор"))
    assert f'href="/r/deal/{deal}/"' in answers
    assert "<mark>Егор</mark>ов" in answers


def test_search_answers_to_a_piece_of_a_vin(seller: Screens) -> None:
    car = create("car", fields={"make": "Porsche", "vin": "WP1ZZZ9YZLDA12345"})
    assert f'href="/r/car/{car}/"' in text_of(seller.part("/search/answers?q=lda123"))


def test_search_answers_to_a_phone_as_people_dial_it(seller: Screens) -> None:
    contact = create("contact", fields={"name": "Маркова Инна", "phone": "+79215550142"})
    assert f'href="/r/contact/{contact}/"' in text_of(seller.part("/search/answers?q=8 921 555-01"))


def test_search_does_not_find_the_deals_of_others(other_seller: Screens, deal: int) -> None:
    assert f"/r/deal/{deal}/" not in text_of(other_seller.part("/search/answers?q=porsche"))


def test_search_says_when_nothing_was_found(seller: Screens) -> None:
    assert "Ничего не нашлось" in text_of(seller.part("/search/answers?q=несуществующее"))


def test_the_page_of_results_shows_them_all(seller: Screens, deal: int) -> None:
    page = text_of(seller.page("/search?q=porsche"))
    assert f'href="/r/deal/{deal}/"' in page
    assert "Сделки" in page
    assert "Автомобили" in page


def test_the_page_and_the_list_say_what_was_searched_instead(seller: Screens, deal: int) -> None:
    assert "Показано найденное по запросу «егор»" in text_of(seller.part("/search/answers?q=tujh"))
    page = text_of(seller.page("/search?q=tujh"))
    assert "По запросу «tujh» ничего не нашлось." in page
    assert "<mark>Егор</mark>ов" in page
    assert "Показано найденное по запросу «егор»" in text_of(seller.part("/t/contact/options?q=tujh"))


def test_the_page_of_results_asks_what_to_look_for(seller: Screens) -> None:
    assert "Что ищем?" in text_of(seller.page("/search"))


def test_a_picker_offers_the_newest_records_first(seller: Screens) -> None:
    for make in ("Kia", "Lada"):
        create("car", fields={"make": make})
    options = text_of(seller.part("/t/car/options"))
    assert options.index("Lada") < options.index("Kia")


def test_a_picker_finds_records_of_its_type_only(seller: Screens, deal: int) -> None:
    options = text_of(seller.part("/t/contact/options?q=егоров"))
    assert options.count('role="option"') == 1


def test_a_picker_offers_to_create_what_needs_only_a_name(seller: Screens) -> None:
    offered = text_of(seller.part("/t/contact/options?q=Круглов&new=1"))
    assert 'data-value="new:Круглов"' in offered
    assert "new:" not in text_of(seller.part("/t/car/options?q=Круглов&new=1"))


def test_a_ticket_carries_the_topics_of_the_person(seller: Screens, admin: Screens) -> None:
    deal = current_generation().types["deal"].id
    answer = seller.page("/events-ticket").json()
    assert answer["expires_in"] == 300
    assert f"t{deal}" not in read_ticket(answer["ticket"])
    assert any(topic.startswith(f"t{deal}.o") for topic in read_ticket(answer["ticket"]))
    assert f"t{deal}" in read_ticket(admin.page("/events-ticket").json()["ticket"])


def test_navigation_shows_pipelines_and_types_without_them(seller: Screens) -> None:
    page = text_of(seller.page("/t/car/"))
    for url in ("/p/sales/", "/p/buyout/", "/t/car/", "/t/contact/"):
        assert f'href="{url}"' in page
    assert 'href="/t/car/" aria-current="page"' in page


def test_navigation_shows_nothing_to_those_without_rights(newcomer: Screens) -> None:
    page = text_of(newcomer.page("/"))
    assert "/p/sales/" not in page
    assert newcomer.page("/p/sales/").status_code == 404
    assert newcomer.page("/t/car/").status_code == 404


def test_screens_speak_english(seller: Screens, deal: int) -> None:
    seller.client.post("/settings/language", {"language": "en"})
    page = text_of(seller.page("/p/sales/"))
    assert "Everybody&#39;s" in page
    assert "Porsche Cayenne, 2022" in page


def test_no_page_has_inline_scripts_or_styles(seller: Screens, deal: int) -> None:
    for url in ("/p/sales/", "/t/deal/", f"/r/deal/{deal}/", "/search?q=porsche", "/r/deal/new"):
        html = text_of(seller.page(url))
        assert " style=" not in html
        assert "<style" not in html
        assert " onclick=" not in html
        assert "<script>" not in html
