"""Several people at one company: one board for two, and what each of them is shown."""

import re

from playwright.sync_api import expect
from tests.browser.conftest import OpenWindow, open_card
from tests.browser.site import Site
from tests.factories.people import PASSWORD, make_department, make_person, make_role
from tests.factories.records import allow, allow_field, create

from trassa.access.actions import set_grants
from trassa.access.types import Scope, Verb
from trassa.people.actions import assign_roles


def test_what_a_person_types_stays_while_a_colleague_moves_cards(site: Site, window: OpenWindow) -> None:
    moved, typed = site.deal("Соседов", car="Volvo"), site.deal("Соседов", car="Kia")
    seller = window("seller", "/p/sales/?q=Соседов")
    head = window("head", "/p/sales/?q=Соседов")
    open_card(head, typed)
    head.locator("#panel [data-field=amount] .editable").click()
    amount = head.get_by_label("Сумма", exact=True)
    amount.fill("12345")
    head.wait_for_timeout(1_500)  # both streams are open
    seller.locator(f"#card-{moved}").focus()
    seller.keyboard.press("j")
    first = moved if seller.locator(f"#card-{moved}.current").count() else typed
    seller.keyboard.press("]")
    expect(head.locator(f"[data-cards=showing] #card-{first}")).to_be_attached(timeout=3_000)
    expect(amount).to_be_focused()
    expect(amount).to_have_value("12345")


def test_a_head_sees_the_branch_a_seller_their_own_and_security_what_is_masked(
    site: Site, window: OpenWindow
) -> None:
    def make() -> dict[str, int]:
        branch = make_department("north")
        shop = make_department("north_shop", branch)
        own, whole, guard = make_role("north_seller"), make_role("north_head"), make_role("security")
        shared = allow("contact", Verb.SEE) + allow("car", Verb.SEE)
        set_grants(own, [*allow("deal", Verb.SEE, scope=Scope.OWN), *shared], actor_id=None)
        set_grants(whole, [*allow("deal", Verb.SEE, scope=Scope.BRANCH), *shared], actor_id=None)
        guarded = [*allow("deal", Verb.SEE), *shared, *allow_field("car", "floor_price")]
        set_grants(guard, guarded, actor_id=None)
        made = {}
        for login, role, department in (
            ("north1", own, shop),
            ("north2", own, shop),
            ("northhead", whole, branch),
            ("guard", guard, branch),
        ):
            person = make_person(login, department=department, password=PASSWORD)
            assign_roles(person, [role], actor_id=None)
            made[login] = person.id
        client = create("contact", fields={"name": "Северный"})
        for login in ("north1", "north2"):
            create("deal", pipeline="sales", owner=made[login], fields={"client": client, "amount": "1"})
        made["car"] = create("car", fields={"make": "Volvo", "floor_price": "4321000"})
        return made

    made = site.database.run(make)
    site.deal("Северный")
    for login, count in (("north1", 1), ("northhead", 2), ("guard", 3)):
        page = window(login, "/p/sales/?q=Северный")
        expect(page.locator("[data-board] .card")).to_have_count(count)
    for login, sees in (("north1", False), ("guard", True)):
        page = window(login, f"/r/car/{made['car']}/")
        price = page.locator("[data-field=floor_price]")
        expect(price).to_have_count(1 if sees else 0)
        if sees:
            expect(price).to_contain_text(re.compile(r"4.321.000"))
        else:
            expect(page.locator("main")).not_to_contain_text(re.compile(r"4.321.000"))
