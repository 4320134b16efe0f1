"""Marks among the words of search documents: whose record it is, so that the word index knows rights.

A mark begins with "=", which the parser of texts never lets into a word.
"""

from collections.abc import Iterable

from trassa.access.types import Way


def type_mark(type_id: int) -> str:
    return f"'=t{type_id}'"


def department_mark(department_id: int) -> str:
    return f"'=d{department_id}'"


def person_mark(person_id: int) -> str:
    """The mark of the owner and of everybody who takes part."""
    return f"'=o{person_id}'"


def marks_of(type_id: int, department_id: int | None, people: Iterable[int]) -> str:
    """All marks of a document, as the text of a tsvector."""
    marks = [type_mark(type_id), *(person_mark(id) for id in sorted(people))]
    if department_id is not None:
        marks.append(department_mark(department_id))
    return " ".join(marks)


def way_terms(type_id: int, way: Way) -> str:
    """The marks of type and person that a way asks for, as the text of a tsquery."""
    terms = [type_mark(type_id)]
    if way.owner_id is not None:
        terms.append(person_mark(way.owner_id))
    return " & ".join(terms)


def department_terms(way: Way) -> str:
    """The marks of the departments that a way leads to, any of which is enough; "" for every department."""
    if way.department_ids is None:
        return ""
    return f"({' | '.join(department_mark(id) for id in way.department_ids)})"
