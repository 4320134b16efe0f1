"""What is refused, where the mistake is, and what to write instead."""

import pytest
from tests.expressions.ground import DEAL, GROUND, tree, value

from trassa.expressions import ExpressionRefused, Kind, read


def faults(text: str):
    with pytest.raises(ExpressionRefused) as refused:
        read(text, GROUND, DEAL)
    return refused.value.faults


@pytest.mark.parametrize(
    ("text", "code", "place", "suggestion"),
    [
        ("ценна * 2", "unknown_field", "ценна", "Цена"),
        ("ОКРУГ(цена; 2)", "unknown_function", "ОКРУГ", "ОКРУГЛ"),
        ('статус = "Оплочен"', "unknown_option", None, '"Оплачен"'),
        ("цена + [Заметка о сделке]", "kind", "[Заметка о сделке]", ""),
        ("Заметка о сделке = 1", "operator_missing", "о", ""),
        ("(цена + 1", "unfinished", "", ""),
        ("цена + ", "unfinished", "", ""),
        ("цена ** 2", "unexpected", "*", ""),
        ('"абв', "not_closed", '"абв', ""),
        ("ОКРУГЛ(цена)", "arguments", None, ""),
        ("ОКРУГЛ(цена; аренда)", "constant_needed", "аренда", ""),
        ("платежи.сумма + 1", "several_records", "платежи.сумма", ""),
        ("СУММ(платежи.сумма; СЧЁТ(платежи) > 1)", "nested", "СЧЁТ(платежи)", ""),
        ("цена.имя", "no_link", "цена", ""),
        ("31.02.2026", "invalid_date", "31.02.2026", ""),
        ('статус > "Оплачен"', "no_order", None, ""),
        ('цена = "много"', "kind", None, ""),
        ('ЕСЛИ(готово; 1; "нет")', "kind", None, ""),
        ('ответственный = "Орлов"', "kind", None, ""),
        ("ЕСЛИМН(готово)", "arguments", None, ""),
        ('ЕСЛИМН(готово; 1; "нет")', "kind", None, ""),
        ("ЕСЛИМН(цена; 1; 2)", "kind", "цена", ""),
        ('ПЕРЕКЛЮЧ(статус; "Оплачен")', "arguments", None, ""),
        ('ПЕРЕКЛЮЧ(статус; "Оплочен"; 1)', "unknown_option", None, '"Оплачен"'),
        ("ВСЕ(платежи)", "arguments", None, ""),
        ("ЕСТЬ(цена > 1)", "no_records", None, ""),
        ("ЕСТЬ(платежи.сумма)", "kind", "платежи.сумма", ""),
        ("", "empty", "", ""),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, code: str, place: str | None, suggestion: str):
    fault = faults(text)[0]
    assert fault.code == code
    assert str(fault.message)
    assert fault.suggestion == suggestion
    if place is not None:
        assert text[fault.start : fault.end] == place


def test_several_mistakes_are_named_at_once():
    assert [fault.code for fault in faults("ценна + арренда")] == ["unknown_field", "unknown_field"]


def test_a_condition_must_be_one():
    with pytest.raises(ExpressionRefused):
        read("цена + 1", GROUND, DEAL, expected=(Kind.BOOLEAN,))
    read("цена > 1", GROUND, DEAL, expected=(Kind.BOOLEAN,))


@pytest.mark.parametrize(
    "text",
    [
        "__class__",
        "цена.__class__.__mro__",
        '__import__("os")',
        "цена; DROP TABLE x",
        "цена' OR 1=1 --",
        "цена^999999999",
        "1" * 40,
        "(" * 5000 + "1" + ")" * 5000,
        "-" * 3000 + "1",
        "+".join(["1"] * 600),
        "ЕСЛИ(готово; " * 60 + "1" + "; 2)" * 60,
        "1+" * 100_000 + "1",
        "цена\u202e > 1",
        "цена\u200b > 1",
        "ц\u0000ена",
        "клиент.клиент.клиент.клиент.клиент.клиент",
        "[" * 4000,
        '"' * 4001,
    ],
)
def test_attacks_are_refused_in_words(text: str):
    for fault in faults(text):
        assert str(fault.message)
        assert 0 <= fault.start <= fault.end <= len(text)


@pytest.mark.parametrize("text", ["9^9^9^9^9", "10^100^100 + 1", "(цена^100)^100", "((10^100)^100)^100"])
def test_huge_powers_end_as_an_error_value(text: str):
    assert str(value(text, price=10)) == "#ЧИСЛО!"
    assert tree(text)
