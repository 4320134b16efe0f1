"""Work in a child process, so that the memory it took is given back before the parts are forked."""

import logging
import os
import sys
from collections.abc import Callable

from django.db import connections


def run_in_child(work: Callable[[], object]) -> None:
    """Run the work to its end; when it fails this process exits with the same code."""
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException as problem:
            logging.getLogger(__name__).debug("work in a child failed", exc_info=True)
            print(f"trassa: {type(problem).__name__}: {problem}", file=sys.stderr)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        sys.exit(code if code > 0 else 1)
