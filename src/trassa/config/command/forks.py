"""Work in a child process, so that the memory it took is given back before the parts are forked."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from django.db import connections

logger = logging.getLogger(__name__)


@contextmanager
def in_child(work: Callable[[], object]) -> Iterator[None]:
    """Run the work beside the block and wait for it after the block; its failure ends this process too."""
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _run_and_leave(work)
    try:
        yield
    finally:
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        sys.exit(abs(code))


def _run_and_leave(work: Callable[[], object]) -> NoReturn:
    code = 1
    try:
        work()
        code = 0
    except BaseException as problem:
        logger.debug("work in a child failed", exc_info=True)
        print(f"trassa: {type(problem).__name__}: {problem}", file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
