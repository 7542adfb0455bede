"""A loopback address in front of a server, which can fall silent or refuse as a broken network does."""

import socket
import threading
from contextlib import suppress
from typing import Self

from tests.servers import free_port


class Proxy:
    """Passes everything on until told otherwise; each connection has a thread for each direction."""

    def __init__(self, target_port: int) -> None:
        self.port = free_port()
        self._target = ("127.0.0.1", target_port)
        self._passing = threading.Event()
        self._passing.set()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(self, *exception: object) -> None:
        self.refuse()
        self._passing.set()

    def fall_silent(self) -> None:
        """Connections are accepted and kept, and nothing ever comes back."""
        self._passing.clear()

    def refuse(self) -> None:
        """Connections are cut, and no new one is accepted."""
        listener, self._listener = self._listener, None
        if listener:
            # Closing alone would not wake the thread that waits in accept.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.cut()

    def cut(self) -> None:
        """Open connections break; new ones are accepted."""
        with self._lock:
            broken, self._open = self._open, set()
        for end in broken:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def recover(self) -> None:
        """What was held back arrives now, and all goes through again."""
        self._passing.set()
        if self._listener is None:
            self._listen()

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=True)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with self._lock:
            self._open.add(client)
        self._passing.wait()
        try:
            server = socket.create_connection(self._target)
        except OSError:
            client.close()
            return
        with self._lock:
            self._open.add(server)
        threading.Thread(target=self._pump, args=(client, server), daemon=True).start()
        self._pump(server, client)

    def _pump(self, source: socket.socket, drain: socket.socket) -> None:
        """Ends both connections when either ends."""
        with suppress(OSError):
            while data := source.recv(65536):
                self._passing.wait()
                drain.sendall(data)
        for end in (source, drain):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            with self._lock:
                self._open.discard(end)
