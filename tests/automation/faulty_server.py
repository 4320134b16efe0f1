"""Another system on a real port that behaves badly in the ways that tests ask for."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Decides how the call of a path that comes for the nth time (from 1) is met: a status, or a fault.
Manners = Callable[[str, int], int | str]


@dataclass
class FaultySystem:
    """What it got, in order: path, id, body; and where it is."""

    url: str
    got: list[tuple[str, str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    #: Head of answers with another status than 200.
    head: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def ids(self) -> set[str]:
        return {id for _path, id, _body in self.got}


@contextmanager
def faulty_system(manners: Manners) -> Iterator[FaultySystem]:
    """Runs for the block on 127.0.0.1. Faults: "drop" says nothing, "cut" half an answer, "drip" is slow."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.close_connection = True
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:  # the caller was killed: half a request is none
                return
            id = self.headers.get("X-Trassa-Id", "")
            with system.lock:
                system.got.append((self.path, id, body.decode()))
                system.counts[id] += 1
                how = manners(self.path, system.counts[id])
            if isinstance(how, int):
                self.say(how)
            elif how == "cut":
                self.wfile.write(b"HTTP/1.1 2")
            elif how == "drip":
                self.drip()

        def say(self, status: int) -> None:
            self.send_response(status)
            for name, value in system.head.items() if status != 200 else ():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def drip(self) -> None:
            """One letter of a head at a time, for a long time."""
            try:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                for _letter in range(200):
                    self.wfile.write(b"X")
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                return

        def log_message(self, *said: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    system = FaultySystem(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
