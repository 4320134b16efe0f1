"""Conditions and what to do about blanks and errors. All but NOT look at their arguments themselves."""

from trassa.expressions.functions.function import Function, anything, condition
from trassa.expressions.kinds import Kind

FUNCTIONS = (
    Function(
        "not",
        ("НЕ", "NOT"),
        (condition(),),
        Kind.BOOLEAN,
        ("Да, если условие не выполнено.", "Yes when the condition does not hold."),
        lambda value: not value,
        "(not {0})",
        group="logic",
    ),
    Function(
        "if",
        ("ЕСЛИ", "IF"),
        (
            condition(),
            anything("значение если да", "value if yes"),
            anything("значение если нет", "value if no"),
        ),
        None,
        (
            "Одно значение, если условие выполнено, и другое, если нет.",
            "One value when the condition holds, another when it does not.",
        ),
        sql="(case {0} when true then {1} when false then {2} end)",
        group="logic",
    ),
    Function(
        "ifs",
        ("ЕСЛИМН", "IFS"),
        (condition(), anything()),
        None,
        (
            "Значение первого выполненного условия: ЕСЛИМН(сумма > 1000000; 3%; сумма > 100000; 2%; 1%)."
            " Последним без условия стоит значение для остальных случаев.",
            "The value of the first condition that holds: IFS(amount > 1000000; 3%; amount > 100000; 2%; 1%)."
            " A last value without a condition is for all other cases.",
        ),
        repeated=True,
        group="logic",
        by_kind=True,
    ),
    Function(
        "switch",
        ("ПЕРЕКЛЮЧ", "SWITCH"),
        (anything(), anything("вариант", "choice"), anything("результат", "result")),
        None,
        (
            'Результат того варианта, которому равно значение: ПЕРЕКЛЮЧ(источник; "Avito"; 1; "Сайт"; 2; 0).'
            " Последним без варианта стоит результат для остальных случаев.",
            'The result of the choice that the value equals: SWITCH(source; "Avito"; 1; "Site"; 2; 0).'
            " A last result without a choice is for all other cases.",
        ),
        repeated=True,
        group="logic",
        by_kind=True,
    ),
    Function(
        "iferror",
        ("ЕСЛИОШИБКА", "IFERROR"),
        (anything(), anything("замена", "replacement")),
        None,
        ("Замена, если значение не вычисляется.", "The replacement when the value cannot be computed."),
        sql="coalesce({0}, {1})",
        group="logic",
    ),
    Function(
        "isblank",
        ("ПУСТО", "ISBLANK"),
        (anything("поле", "field"),),
        Kind.BOOLEAN,
        ("Да, если поле не заполнено.", "Yes when the field is not filled in."),
        group="logic",
        by_kind=True,
    ),
    Function(
        "oneof",
        ("ОДНОИЗ", "ONEOF"),
        (anything(), anything("вариант", "choice")),
        Kind.BOOLEAN,
        ("Да, если значение равно одному из вариантов.", "Yes when the value equals one of the choices."),
        repeated=True,
        group="logic",
        by_kind=True,
    ),
    Function(
        "has",
        ("СОДЕРЖИТВАРИАНТ", "HASOPTION"),
        (anything("поле", "field"), anything("вариант", "choice")),
        Kind.BOOLEAN,
        ("Да, если выбран этот вариант.", "Yes when this option is chosen."),
        lambda values, value: value in (values or ()),
        "coalesce({0} @> array[{1}]::bigint[], false)",
        group="logic",
    ),
)
