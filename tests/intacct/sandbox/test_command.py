"""`python -m intacct.sandbox` as an operator starts it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from intacct.sandbox.__main__ import main
from intacct.sandbox.faults import KINDS
from tests.intacct.sandbox.gateway_client import (
    BIRCHWOOD,
    EXCHANGES,
    SENDER_ID,
    SENDER_PASSWORD,
    post,
    sign_in,
)

COMMAND = [sys.executable, "-m", "intacct.sandbox", "--port", "0"]
SENDER = ["--sender-id", SENDER_ID, "--sender-password", SENDER_PASSWORD]


def test_it_says_when_it_is_ready_serves_and_stops_at_once_on_sigterm() -> None:
    command = [
        *COMMAND,
        "--company",
        str(EXCHANGES / "company"),
        *SENDER,
        "--fault",
        "rate-limited:BIRCHWOOD:ws_narrow",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Sandbox ready: http://127.0.0.1:") and line.endswith("/ia/xml/xmlgw.phtml\n")
        endpoint = line.removeprefix("Sandbox ready: ").strip()
        assert sign_in(endpoint, BIRCHWOOD).id
        body = (EXCHANGES / "error_permission.request.xml").read_bytes()
        assert post(endpoint, body).status == 429
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_folder_that_is_no_company_is_one_plain_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", "--company", str(tmp_path)]) == 1
    complaint = capsys.readouterr().err
    assert (
        complaint
        == f"{tmp_path / 'company.json'} cannot be read: No such file or directory. Name a company folder.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--company", "x", "--fault", "unheard-of"],
        ["generate", "x", "--end", "soon"],
        ["generate", "x", "--first-fiscal-month", "13"],
        [],
    ],
)
def test_wrong_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_every_fault_is_listed_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-faults"]) == 0
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines()}
    assert listed == set(KINDS)


def test_at_the_end_it_tells_what_each_company_was_asked_at_a_time(tmp_path: Path) -> None:
    statistics = tmp_path / "statistics.json"
    options = ["--company", str(EXCHANGES / "company"), "--statistics", str(statistics)]
    with subprocess.Popen([*COMMAND, *options, *SENDER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        endpoint = process.stdout.readline().removeprefix("Sandbox ready: ").strip()
        assert sign_in(endpoint, BIRCHWOOD).id
        process.send_signal(signal.SIGTERM)
    told = json.loads(statistics.read_text())
    assert told == {"requests": {"getAPISession": 1}, "most_in_flight": {"BIRCHWOOD": 1}}
