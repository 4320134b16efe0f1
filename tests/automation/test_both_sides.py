"""Two records that a rule keeps in step are changed at the same moment, each by somebody."""

import pytest
from tests.automation.test_rules import rule, values_of
from tests.automation.test_rules_over_time import ENTERED, copies_of
from tests.factories.records import create, edit, make_garage, move
from tests.records.test_concurrency import together

from trassa.automation.models import Run
from trassa.journal import verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _committed_garage(transactional_db: None) -> None:
    make_garage()


def test_they_end_up_the_same_and_nobody_is_refused() -> None:
    rule(ENTERED, {"create": {"pipeline": "sales", "kept": {"amount": "amount"}}})
    id = create("deal", pipeline="buyout", fields={"amount": "70"})
    move("deal", id, "done")
    [made] = copies_of(id)
    for number in range(5):
        results = together(
            lambda number=number: edit("deal", id, amount=str(100 + number)),
            lambda number=number: edit("deal", made, amount=str(200 + number)),
        )
        assert all(isinstance(result, int) for result in results), results
        here, there = values_of(id)["amount"], values_of(made)["amount"]
        assert here == there
        assert here in (100 + number, 200 + number)
    assert not Run.objects.filter(event="kept").exists()
    assert verify().is_clean
