"""Small things: a warning where something probably wants to be split, a failure where it certainly does."""

import warnings

from tests.architecture.source import functions, modules

FILE_WARN, FILE_FAIL = 400, 800
FUNCTION_WARN, FUNCTION_FAIL = 40, 100


def _judge(sizes: dict[str, int], warn: int, fail: int) -> None:
    for place, lines in sizes.items():
        if warn < lines <= fail:
            warnings.warn(f"{place} has {lines} lines (more than {warn})", stacklevel=2)
    offences = [f"{place}: {lines} lines" for place, lines in sizes.items() if lines > fail]
    assert not offences, "\n".join(offences)


def test_files_are_small() -> None:
    sizes = {str(module.path): len(module.text.splitlines()) for module in modules()}
    _judge(sizes, FILE_WARN, FILE_FAIL)


def test_functions_are_small() -> None:
    sizes = {
        f"{module.path}:{function.lineno} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in modules()
        for function in functions(module.tree)
    }
    _judge(sizes, FUNCTION_WARN, FUNCTION_FAIL)
