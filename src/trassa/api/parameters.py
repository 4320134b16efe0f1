"""Query parameters are taken at their word: what an operation does not know is refused, not ignored."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from trassa.api.callers import ApiRequest
from trassa.api.responses import refuse_unstorable_text
from trassa.kernel import FieldError, Invalid

AnyOperation = TypeVar("AnyOperation", bound=Callable[..., HttpResponse])
_FREE = "trassa_free_parameters"


def free_parameters(operation: AnyOperation) -> AnyOperation:
    """Mark an operation that reads `request.GET` itself and refuses what it does not know."""
    setattr(operation, _FREE, True)
    return operation


def only_known_parameters(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse unknown, repeated and unstorable query parameters of this operation, by name."""
    names = frozenset(
        _written(name, parameter.annotation)
        for name, parameter in inspect.signature(operation).parameters.items()
        if not (inspect.isclass(parameter.annotation) and issubclass(parameter.annotation, BaseModel))
    )
    is_free = getattr(operation, _FREE, False)

    @wraps(operation)
    def checked(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
        if request.META.get("QUERY_STRING"):
            errors = list(_faults(request, None if is_free else names - _path_names(request)))
            if errors:
                raise Invalid(_("Check the parameters of the address."), errors=errors)
        return operation(request, *args, **kwargs)

    return checked


def _written(name: str, annotation: Any) -> str:
    """A parameter as addresses have it: by its alias where its own name is a word of Python, as "from"."""
    aliases = (getattr(each, "alias", None) for each in getattr(annotation, "__metadata__", ()))
    return next((alias for alias in aliases if isinstance(alias, str)), name)


def _path_names(request: ApiRequest) -> set[str]:
    match = request.resolver_match
    return {"request", *(match.kwargs if match else ())}


def _faults(request: ApiRequest, known: frozenset[str] | None) -> list[FieldError]:
    """What is wrong with the parameters' names and texts; `known` None leaves the names to the operation."""
    errors = []
    for name, values in request.GET.lists():
        if known is not None and name not in known:
            errors.append(FieldError(name, "unknown_parameter", _("There is no such parameter.")))
        elif len(values) > 1:
            errors.append(FieldError(name, "repeated", _("Give this parameter once.")))
        elif not _is_storable(name + values[0]):
            errors.append(FieldError(name, "invalid", _("Text may not contain the NUL character.")))
    return errors


def _is_storable(text: str) -> bool:
    try:
        refuse_unstorable_text(text)
    except ValueError:
        return False
    return True
