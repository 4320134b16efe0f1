"""How often a password may be guessed."""

from django.utils.translation import ngettext

from trassa.people.attempts import Attempts
from trassa.people.errors import TooManyAttempts

_WINDOW_SECONDS = 15 * 60
#: A login is guessed by one or by many, an address may be a whole office behind one router.
attempts_by_login = Attempts(10, _WINDOW_SECONDS)
attempts_by_address = Attempts(50, _WINDOW_SECONDS)


def refuse_further(wait: int) -> None:
    """Raise TooManyAttempts when there are seconds to wait before the next one."""
    if not wait:
        return
    minutes = -(-wait // 60)
    raise TooManyAttempts(
        ngettext(
            "Too many attempts. Try again in %(minutes)s minute.",
            "Too many attempts. Try again in %(minutes)s minutes.",
            minutes,
        )
        % {"minutes": minutes},
        retry_after=wait,
    )
