"""The broker that is a folder: readers beside writers, and rubbish in the folder."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue

from portal import embedded_broker

WRITERS, MESSAGES = 4, 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    return tmp_path


def connect(folder: Path) -> Connection:
    messages = str(folder / "messages")
    options = {"data_folder_in": messages, "data_folder_out": messages, "control_folder": folder / "control"}
    return Connection(f"{embedded_broker.SCHEME}://localhost", transport_options=options)


@pytest.fixture
def queue(folder: Path) -> Iterator[SimpleQueue]:
    with connect(folder) as connection, connection.SimpleQueue("doorbell") as opened:
        yield opened


def write(folder: Path, writer: int) -> None:
    with connect(folder) as connection, connection.SimpleQueue("doorbell") as queue:
        for number in range(MESSAGES):
            queue.put({"writer": writer, "number": number})


@pytest.mark.slow
def test_every_message_arrives_once_while_several_write_and_one_reads(
    folder: Path, queue: SimpleQueue
) -> None:
    writers = [threading.Thread(target=write, args=(folder, writer)) for writer in range(WRITERS)]
    for thread in writers:
        thread.start()
    read = []
    for _ in range(WRITERS * MESSAGES):
        message = queue.get(timeout=20)
        read.append((message.payload["writer"], message.payload["number"]))
        message.ack()
    for thread in writers:
        thread.join()
    assert sorted(read) == [(writer, number) for writer in range(WRITERS) for number in range(MESSAGES)]
    assert list((folder / "messages").iterdir()) == []


def test_a_message_that_cannot_be_read_is_thrown_away_and_the_next_one_arrives(
    folder: Path, queue: SimpleQueue
) -> None:
    (folder / "messages" / "0_half.doorbell.msg").write_text("")
    (folder / "messages" / "1_half.doorbell.msg").write_bytes(b'{"body": "\xff\xfe')
    queue.put({"number": 1})
    assert queue.get(timeout=20).payload == {"number": 1}
