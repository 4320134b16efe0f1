"""A real mail server on this machine that misbehaves as it is told."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

#: How the server refuses a receiver.
REFUSED = {"unknown": "550 No such person here", "disliked": "550 5.7.1 Relaying denied"}


class MailBox:
    """What has arrived; `answers` are what the server does with the next letters: "ok" when there is none."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.tried = 0
        self.answers: list[str] = []

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.answers and self.answers[0] in REFUSED:
            self.tried += 1
            return REFUSED[self.answers.pop(0)]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.tried += 1
        match self.answers.pop(0) if self.answers else "ok":
            case "later":
                return "451 Come again later"
            case "never":
                return "554 This is spam"
            case "drop":
                server.transport.abort()
                return "250 OK"
            case "slow":
                await asyncio.sleep(5)
        self.letters.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


def check_password(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    """Only `trassa` with `secret` may send."""
    return AuthResult(success=(data.login, data.password) == (b"trassa", b"secret"))


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def running_mail_server(**given: Any) -> Iterator[tuple[MailBox, int]]:
    box, port = MailBox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **given)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()
