"""Telling at the shell how far a run is: a bar that moves on a terminal, a line for each change elsewhere."""

from typing import Protocol

WIDTH = 30


class Stream(Protocol):
    """What a bar is written to: a terminal, a file, or a command's standard output."""

    def write(self, text: str, /) -> object: ...

    def flush(self) -> None: ...

    def isatty(self) -> bool: ...


class ProgressBar:
    """Writes where a run stands to a stream, and nothing twice."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._moves = stream.isatty()
        self._told = ""

    def show(self, line: str, *, done: int, planned: int) -> None:
        """``line`` in words; the bar is drawn where it can be drawn over."""
        if line == self._told:
            return
        if self._moves:
            filled = WIDTH * done // planned if planned else 0
            blanks = " " * max(0, len(self._told) - len(line))
            self._stream.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {line}{blanks}")
        else:
            self._stream.write(f"{line}\n")
        self._told = line
        self._stream.flush()

    def close(self) -> None:
        """Ends the line that the bar is on."""
        if self._moves and self._told:
            self._stream.write("\n")
            self._stream.flush()
        self._told = ""
