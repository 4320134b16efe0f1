"""Environment variables, from `trassa.config.options`."""

from tools.reference import markdown
from tools.reference.markdown import code, table

from trassa.config.options import OPTIONS

_TEXT = """
Trassa is set up by environment variables and nothing else. An empty variable counts as not set; a value that
cannot be used ends the command with a sentence. `--data` and `--port` of the command line stand for
`TRASSA_DATA` and `TRASSA_PORT`. Every machine of one installation needs the same database and the same
`TRASSA_SECRET_KEY`.
"""


def page() -> str:
    rows = [(code(option.name), code(option.default), option.meaning) for option in OPTIONS]
    return markdown.page(
        "Settings", markdown.paragraph(_TEXT), table(("variable", "default", "meaning"), rows)
    )
