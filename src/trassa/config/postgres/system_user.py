"""The system user of the server: PostgreSQL refuses to run as root, so root hands over to somebody else."""

import os
import pwd
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trassa.config.postgres.errors import PostgresFailed


@dataclass(frozen=True)
class SystemUser:
    """Who runs the server."""

    name: str
    uid: int
    gid: int


def choose_user(setting: str = "") -> SystemUser | None:
    """None when this process may run the server itself, else the user to become."""
    if os.geteuid() != 0:
        return None
    for name in [setting] if setting else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise PostgresFailed("PostgreSQL does not run as root: name another user in TRASSA_POSTGRES_USER.")


def can_reach(user: SystemUser, path: Path) -> bool:
    """Whether the user may enter every folder above the path."""
    return all(_may_enter(user, parent.stat()) for parent in path.resolve().parents)


def _may_enter(user: SystemUser, status: os.stat_result) -> bool:
    if status.st_uid == user.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def prefix(user: SystemUser | None, paths: Iterable[Path], *, end_with_parent: bool = False) -> list[str]:
    """Words before a command that run it as the user; with `end_with_parent` it stops when we die.

    When a folder above the paths is closed to the user (root's home, say), the command may pass it all the
    same: opening other people's folders is not ours to do.
    """
    if not user and not end_with_parent:
        return []
    setpriv = shutil.which("setpriv")
    if not setpriv:
        if not user:
            return []
        raise PostgresFailed("setpriv is missing (package util-linux); start Trassa as an ordinary user.")
    words = [setpriv]
    if user:
        words += [f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups"]
        if not all(can_reach(user, path) for path in paths):
            # The secure bit keeps the right in access(2), by which PostgreSQL looks at its own programs.
            words += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
            words += ["--securebits=+no_setuid_fixup"]
    if end_with_parent:
        words += ["--pdeathsig=INT"]
    return words
