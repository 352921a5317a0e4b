"""An application served over TCP by a thread of the test's own."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

SECONDS = 60


@contextmanager
def serving(app: Callable[..., Any], listener: socket.socket) -> Iterator[str]:
    """A real uvicorn server of an application over a socket; gives its address, once it answers."""
    runner = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    ready = threading.Event()
    startup = runner.startup

    async def started(sockets: Any = None) -> None:
        await startup(sockets)
        ready.set()

    runner.startup = started  # type: ignore[method-assign]
    thread = threading.Thread(target=runner.run, args=([listener],))
    thread.start()
    try:
        assert ready.wait(SECONDS), "the server did not start"
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        runner.should_exit = True
        thread.join()
