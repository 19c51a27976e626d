"""Owns byte pipes by URL: `serial:///dev/ttyUSB0?baud=9600&stopbits=2`, `tcp://host:port` and
`input:///dev/input/by-id/NAME`.

It must not know what the bytes mean. The only module that imports pyserial.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import stat
import struct
import termios
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

import serial

from hardware.events import TransportError

READ_CHUNK = 4096
WRITE_TIMEOUT_S = 2.0
CONNECT_TIMEOUT_S = 2.0

_SERIAL_OPTIONS = ("baud", "bytesize", "parity", "stopbits")


class Transport(Protocol):
    """An open pipe. `read` never blocks: wait for `fileno` to become readable first."""

    def fileno(self) -> int: ...
    def read(self) -> bytes: ...
    def write(self, data: bytes) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """Line settings; the defaults fit a scanner. Terminals set `stopbits=2`, some scales `bytesize=7`."""

    path: str
    baud: int = 9600
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1


@dataclass(frozen=True, slots=True)
class InputSettings:
    """An input device of the kernel, by a path that stays the same: /dev/input/by-id/… or by-path/…."""

    path: str


def parse_url(url: str) -> SerialSettings | InputSettings | tuple[str, int]:
    """Settings of a line, or (host, port). Raises TransportError with the reason for any other URL."""
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        try:
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise TransportError(f"{url}: {error}") from error
        if not host or not port:
            raise TransportError(f"{url}: expected tcp://host:port")
        return host, port
    if parts.scheme == "input" and parts.path.strip("/"):
        return InputSettings(parts.path)
    if parts.scheme != "serial" or not parts.path:
        raise TransportError(f"{url}: expected serial:///dev/NAME or tcp://host:port")
    options = dict(parse_qsl(parts.query))
    unknown = sorted(set(options) - set(_SERIAL_OPTIONS))
    if unknown:
        raise TransportError(f"{url}: unknown option {unknown[0]!r}, known: {', '.join(_SERIAL_OPTIONS)}")
    try:
        return SerialSettings(
            path=parts.path,
            baud=int(options.get("baud", 9600)),
            bytesize=int(options.get("bytesize", 8)),
            parity=options.get("parity", "N").upper(),
            stopbits=int(options.get("stopbits", 1)),
        )
    except ValueError as error:
        raise TransportError(f"{url}: {error}") from error


def open_transport(url: str) -> Transport:
    """Opens the pipe exclusively. Raises TransportError when it is absent, busy or wrongly described."""
    target = parse_url(url)
    if isinstance(target, SerialSettings):
        return _SerialTransport(target)
    if isinstance(target, InputSettings):
        return _InputTransport(target.path)
    return _TcpTransport(*target)


class _SerialTransport:
    def __init__(self, settings: SerialSettings) -> None:
        try:
            # exclusive: a second process reading the same terminal would steal its answers (P2).
            self._port = serial.Serial(
                settings.path,
                baudrate=settings.baud,
                bytesize=settings.bytesize,
                parity=settings.parity,
                stopbits=settings.stopbits,
                timeout=0,
                write_timeout=WRITE_TIMEOUT_S,
                exclusive=True,
            )
        except (OSError, ValueError, termios.error) as error:  # the last: pulled out, or refused
            raise TransportError(f"{settings.path}: {error}") from error

    def fileno(self) -> int:
        return int(self._port.fileno())

    def read(self) -> bytes:
        try:
            data = self._port.read(READ_CHUNK)
        except (OSError, TypeError) as error:  # TypeError: pyserial after the port vanished under a read
            raise TransportError(str(error)) from error
        if not data:
            raise TransportError("the line hung up")
        return bytes(data)

    def write(self, data: bytes) -> None:
        try:
            self._port.write(data)
        except OSError as error:
            raise TransportError(str(error)) from error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._port.close()


class _TcpTransport:
    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=CONNECT_TIMEOUT_S)
        except OSError as error:
            raise TransportError(f"{host}:{port}: {error}") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self) -> bytes:
        try:
            data = self._socket.recv(READ_CHUNK)
        except OSError as error:
            raise TransportError(str(error)) from error
        if not data:
            raise TransportError("the peer closed the connection")
        return data

    def write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise TransportError(str(error)) from error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()


_EVIOCGRAB = 0x40044590  # linux/input.h: _IOW('E', 0x90, int)
_EVIOCGSW_1 = 0x8001451B  # EVIOCGSW(1): one byte of the switches' states
_INPUT_MAJOR = 13
_SWITCHES = 8


class _InputTransport:
    """Grabbed, so that a key reaches nobody else. What its switches stand at is told first, as events:
    a headset that was in before the lane started is no news to the kernel.
    """

    def __init__(self, path: str) -> None:
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise TransportError(f"{path}: {error.strerror}") from error
        self._read_end: int | None = None
        first = b""
        try:
            found = os.fstat(self._fd)
            if stat.S_ISCHR(found.st_mode) and os.major(found.st_rdev) == _INPUT_MAJOR:
                fcntl.ioctl(self._fd, _EVIOCGRAB, 1)
                first = self._switches()
        except OSError as error:
            os.close(self._fd)
            raise TransportError(f"{path}: {error.strerror}") from error
        if first:  # a pipe makes select see what the kernel would not say again
            self._read_end, write_end = os.pipe()
            os.write(write_end, first)
            os.close(write_end)

    def _switches(self) -> bytes:
        states = fcntl.ioctl(self._fd, _EVIOCGSW_1, b"\0")[0]
        return b"".join(
            struct.pack("@llHHi", 0, 0, 5, number, 1)  # EV_SW
            for number in range(_SWITCHES)
            if states >> number & 1
        )

    def fileno(self) -> int:
        return self._fd if self._read_end is None else self._read_end

    def read(self) -> bytes:
        if self._read_end is not None:
            first = os.read(self._read_end, READ_CHUNK)
            os.close(self._read_end)
            self._read_end = None
            return first
        try:
            data = os.read(self._fd, READ_CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise TransportError(str(error)) from error
        if not data:
            raise TransportError("the line hung up")
        return data

    def write(self, data: bytes) -> None:  # noqa: ARG002 - every transport can be asked
        raise TransportError("an input device takes no bytes")

    def close(self) -> None:
        for end in (self._fd, self._read_end):
            if end is not None:
                with contextlib.suppress(OSError):
                    os.close(end)
