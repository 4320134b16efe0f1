"""A deal with a client and payments, as a scope for tests of the language alone."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from trassa.expressions import Join, Kind, Member, Node, Option, compute, read

DEAL, CLIENT, PAYMENT = 1, 2, 3
STATES = (Option(11, "paid", ("Оплачен", "Paid")), Option(12, "waiting", ("Ждёт", "Waiting")))
#: Two pipelines have a stage “New”, of different codes.
STAGES = (
    Option(21, "new", ("Новая", "New")),
    Option(22, "fresh", ("Новая", "Fresh")),
    Option(23, "done", ("Готова", "Done")),
)


def member(key: str, code: str, ru: str, kind: Kind, **more: Any) -> Member:
    en = code.replace("_", " ").capitalize()
    return Member(key, code, (ru, en), kind, column=more.pop("column", key), **more)


MEMBERS = {
    DEAL: (
        member("f_1", "price", "Цена", Kind.NUMBER, unit="money"),
        member("f_2", "rent", "Аренда", Kind.NUMBER),
        member("f_3", "rate", "Ставка", Kind.NUMBER, unit="percent"),
        member("f_4", "note", "Заметка о сделке", Kind.TEXT),
        member("f_5", "sold", "Продана", Kind.DATE),
        member("f_6", "done", "Готово", Kind.BOOLEAN),
        member("f_7", "state", "Статус", Kind.OPTION, options=STATES),
        member("f_8", "client", "Клиент", Kind.RECORD, target=CLIENT),
        member("f_9", "tags", "Метки", Kind.OPTIONS, options=STATES),
        member("f_10", "seen_at", "Осмотр", Kind.MOMENT),
        member("stage_id", "stage", "Стадия", Kind.OPTION, options=STAGES),
        member("owner_id", "owner", "Ответственный", Kind.PERSON),
        member("f_8.f_22", "client_limit", "Лимит клиента", Kind.NUMBER, path=("f_8", "f_22"), column=""),
        Member(
            "b_32", "payments", ("Платежи", "Payments"), Kind.RECORDS, target=PAYMENT, join=Join("id", "f_33")
        ),
    ),
    CLIENT: (
        member("f_21", "name", "Имя", Kind.TEXT),
        member("f_22", "limit", "Лимит", Kind.NUMBER),
        member("f_23", "parent", "Холдинг", Kind.RECORD, target=CLIENT),
        Member(
            "f_24",
            "chief",
            ("Директор", "Chief"),
            Kind.RECORD,
            target=CLIENT,
            join=Join("from_id", "to_id", "x_chief", "period"),
        ),
    ),
    PAYMENT: (
        member("f_31", "amount", "Сумма", Kind.NUMBER),
        member("f_32", "status", "Статус", Kind.OPTION, options=STATES),
        member("f_34", "day", "День", Kind.DATE),
    ),
}


class Ground:
    """The scope of the reader 7."""

    reader_id: int | None = 7

    def members(self, type_id: int) -> Sequence[Member]:
        return MEMBERS[type_id]

    def table(self, type_id: int) -> str:
        return {DEAL: "x_deal", CLIENT: "x_client", PAYMENT: "x_payment"}[type_id]

    def reach(self, type_id: int, alias: str) -> tuple[str, Sequence[Any]]:
        return f"{alias}.deleted_at is null", ()


GROUND = Ground()


def tree(text: str) -> Node:
    return read(text, GROUND, DEAL)


def value(text: str, **fields: Any) -> Any:
    """The value of a text for a deal with these fields, by code."""
    keys = {each.code: (each.key,) for each in MEMBERS[DEAL]}
    values: dict[Any, Any] = {}
    for code, given in fields.items():
        if code == "payments":
            inner = {each.code: (each.key,) for each in MEMBERS[PAYMENT]}
            values[keys[code]] = [{inner[name]: v for name, v in row.items()} for row in given]
        elif code == "client":
            values |= {("f_8", each.key): given.get(each.code) for each in MEMBERS[CLIENT]}
        else:
            values[keys[code]] = (
                Decimal(str(given)) if isinstance(given, int | float) and given is not True else given
            )
    return compute(tree(text), values, reader_id=7)
