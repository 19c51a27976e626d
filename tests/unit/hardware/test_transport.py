"""Owns the proof that a URL opens the pipe it describes, alone, and that trouble has one name."""

from __future__ import annotations

import select
import socket
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.events import TransportError
from hardware.simulators.pty_port import PtyPort
from hardware.transport import SerialSettings, Transport, open_transport, parse_url


@pytest.fixture
def port(tmp_path: Path) -> Iterator[PtyPort]:
    port = PtyPort(tmp_path / "port")
    port.open()
    yield port
    port.close()


def read(transport: Transport) -> bytes:
    assert select.select([transport.fileno()], [], [], 5.0)[0], "nothing to read"
    return transport.read()


def test_a_serial_url_has_the_defaults_of_a_scanner() -> None:
    assert parse_url("serial:///dev/ttyUSB0") == SerialSettings("/dev/ttyUSB0", 9600, 8, "N", 1)


def test_a_serial_url_sets_every_line_option() -> None:
    url = "serial:///dev/ttyS1?baud=4800&bytesize=7&parity=e&stopbits=2"
    assert parse_url(url) == SerialSettings("/dev/ttyS1", 4800, 7, "E", 2)


def test_a_tcp_url_is_a_host_and_a_port() -> None:
    assert parse_url("tcp://printer.local:9100") == ("printer.local", 9100)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "serial://",
        "ftp://host:1",
        "tcp://host",
        "tcp://:9100",
        "tcp://host:nine",
        "tcp://host:99999",
        "serial:///dev/ttyS0?speed=9600",
        "serial:///dev/ttyS0?baud=fast",
    ],
)
def test_a_url_that_cannot_work_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(TransportError) as caught:
        parse_url(url)
    assert str(caught.value)


def test_bytes_pass_a_serial_line_both_ways(port: PtyPort) -> None:
    transport = open_transport(f"serial://{port.link}")
    port.write(b"\x00\xff\r")
    assert read(transport) == b"\x00\xff\r"
    transport.write(b"W")
    assert port.read(2.0) == b"W"
    transport.close()


def test_a_serial_line_opens_once_only(port: PtyPort) -> None:
    first = open_transport(f"serial://{port.link}")
    with pytest.raises(TransportError, match="port"):
        open_transport(f"serial://{port.link}")
    first.close()


def test_a_pulled_cable_is_a_transport_error(port: PtyPort) -> None:
    transport = open_transport(f"serial://{port.link}")
    port.unplug()
    with pytest.raises(TransportError) as caught:
        read(transport)
    assert str(caught.value)
    transport.close()


def test_a_cable_pulled_while_the_line_opens_is_a_transport_error(
    port: PtyPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(_descriptor: int, _queue: int) -> None:
        raise termios.error(5, "Input/output error")

    monkeypatch.setattr(termios, "tcflush", pulled)
    with pytest.raises(TransportError, match="Input/output error"):
        open_transport(f"serial://{port.link}")


def test_an_absent_device_is_a_transport_error(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="absent"):
        open_transport(f"serial://{tmp_path / 'absent'}")


def test_bytes_pass_a_tcp_connection_until_the_peer_closes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        transport = open_transport(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        peer, _ = server.accept()
        with peer:
            transport.write(b"ping")
            assert peer.recv(16) == b"ping"
            peer.sendall(b"pong")
            assert read(transport) == b"pong"
        with pytest.raises(TransportError, match="closed"):
            read(transport)
        transport.close()


def test_a_tcp_port_nobody_listens_on_is_a_transport_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TransportError, match=r"127\.0\.0\.1"):
        open_transport(f"tcp://127.0.0.1:{port}")
