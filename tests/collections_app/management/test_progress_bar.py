"""How far a run is, told at the shell."""

import io

from collections_app.management.progress_bar import WIDTH, ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_bar_is_drawn_over_itself_and_ends_its_line() -> None:
    terminal = Terminal()
    bar = ProgressBar(terminal)
    bar.show("Collect: 1 of 4, waiting", done=1, planned=4)
    bar.show("Collect: 4 of 4", done=4, planned=4)
    bar.close()
    _, first, last = terminal.getvalue().split("\r")
    assert first.count("#") == WIDTH // 4
    assert last.count("#") == WIDTH
    # What the longer line left behind is blanked out.
    assert len(last.rstrip("\n")) == len(first)
    assert terminal.getvalue().endswith("\n")


def test_in_a_file_there_is_one_line_for_each_change() -> None:
    file = io.StringIO()
    bar = ProgressBar(file)
    for done in (1, 1, 2):
        bar.show(f"Collect: {done} of 2", done=done, planned=2)
    bar.close()
    assert file.getvalue() == "Collect: 1 of 2\nCollect: 2 of 2\n"


def test_a_run_without_units_draws_an_empty_bar() -> None:
    terminal = Terminal()
    ProgressBar(terminal).show("Collect: 0 of 0", done=0, planned=0)
    assert "#" not in terminal.getvalue()
