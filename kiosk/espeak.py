"""Owns the making of speech: espeak-ng or a recording into ALSA's `aplay`, each a process of its own.

It must not know what is said or why. Without the engine or without a sound device the lane warns once and
goes on silently; nothing of what is said is written to the log.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import subprocess
import threading
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import IO

from assets import ROOT as ASSETS
from assets.languages import ENGLISH, LANGUAGES
from kiosk.assist.reading import DEFAULT_VOLUME, VOLUMES, Output, Say
from kiosk.config import SpeechSection

log = logging.getLogger(__name__)

NO_DEVICE = "none"
"""The name of an output that is not there: speech is made and goes nowhere."""

WORDS_A_MINUTE = 160
_WAV_HEADER_BYTES = 44
_CHUNK = 4096
_NEAR_VOICE = {"fil": "id"}
"""Filipino has no voice of its own: Indonesian has its five vowels and its `ng`."""


def voice_for(language: str) -> str:
    """espeak-ng's voice for a language of the table; the nearest one, or English, where it has none."""
    known = LANGUAGES.get(language)
    own = known.voice if known else ""
    return own or _NEAR_VOICE.get(language) or LANGUAGES[ENGLISH].voice


class EspeakMouth:
    """A speech_queue.Mouth. `devices` are ALSA names by output; `recordings` holds LANGUAGE/PROMPT.wav."""

    def __init__(
        self,
        devices: dict[Output, str],
        recordings: Path,
        *,
        engine: str = "espeak-ng",
        player: str = "aplay",
    ) -> None:
        self._devices = devices
        self._recordings = recordings
        self._engine = shutil.which(engine)
        self._player = shutil.which(player)
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []
        self._round = 0
        self._silent: set[Output] = set()
        if self._engine is None:
            log.warning("this lane cannot speak: %s is not installed", engine)
        if self._player is None:
            log.warning("speech cannot be heard: %s is not installed", player)

    def stop(self) -> None:
        with self._lock:
            self._round += 1
            for process in self._running:
                process.kill()

    def speak(self, say: Say, began: Callable[[], None]) -> None:
        """One sentence; returns when it was heard, was stopped, or cannot be heard."""
        recording = self._recordings / say.language / f"{say.prompt}.wav"
        with self._lock:
            mine = self._round
        try:
            if say.prompt and recording.is_file():
                self._play(say, mine, began, recorded=recording.read_bytes())
            elif self._engine is not None:
                self._play(say, mine, began)
        except OSError as error:
            self._cannot(say.output, str(error.strerror))

    def _play(self, say: Say, mine: int, began: Callable[[], None], recorded: bytes = b"") -> None:
        processes: list[subprocess.Popen[bytes]] = []
        try:
            sink = self._start_player(say.output)
            if sink is not None:
                processes.append(sink)
            if not recorded:
                source = self._start_engine(say)
                processes.append(source)
            with self._lock:
                if self._round != mine:
                    return
                self._running = processes
            out = sink.stdin if sink is not None else None
            if recorded:
                began()
                _write(out, louder(recorded, say.volume))
            else:
                _pump(source.stdout, out, began)
            if sink is not None:
                self._finish(sink, say.output, mine)
        finally:
            with self._lock:
                self._running = []
            for process in processes:
                _end(process)

    def _start_engine(self, say: Say) -> subprocess.Popen[bytes]:
        assert self._engine is not None, "asked only where there is an engine"
        amplitude = 200 * say.volume // VOLUMES
        command = [
            *(self._engine, "--stdin", "--stdout", "-b", "1", "-v", voice_for(say.language)),
            *("-s", str(WORDS_A_MINUTE * say.rate_pct // 100), "-a", str(amplitude)),
        ]
        engine = subprocess.Popen(  # noqa: S603 - no shell; the words go in by a pipe
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        _write(engine.stdin, say.text.encode())
        return engine

    def _start_player(self, output: Output) -> subprocess.Popen[bytes] | None:
        device = self._devices[output]
        if self._player is None or device == NO_DEVICE or output in self._silent:
            return None
        return subprocess.Popen(  # noqa: S603 - no shell
            [self._player, "-q", "-D", device, "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def _finish(self, sink: subprocess.Popen[bytes], output: Output, mine: int) -> None:
        if sink.stdin is not None:
            with contextlib.suppress(OSError):
                sink.stdin.close()
        code = sink.wait()
        with self._lock:
            stopped = self._round != mine
        if code and not stopped:
            words = sink.stderr.read().decode("utf-8", "replace") if sink.stderr is not None else ""
            self._cannot(
                output, words.strip().splitlines()[0] if words.strip() else f"aplay ended with {code}"
            )

    def _cannot(self, output: Output, why: str) -> None:
        if output not in self._silent:
            self._silent.add(output)
            log.warning("speech cannot be heard on the %s: %s", output.value, why)


def mouth_for(speech: SpeechSection) -> EspeakMouth:
    """The mouth of a lane with these outputs, and the recordings that came with the program."""
    devices = {Output.HEADSET: speech.headset, Output.SPEAKER: speech.speaker}
    return EspeakMouth(devices, ASSETS / "speech")


def louder(wav: bytes, volume: int) -> bytes:
    """A recording of 16-bit samples at one of the ten volumes; it was made for the usual one."""
    header, samples = wav[:_WAV_HEADER_BYTES], array("h", wav[_WAV_HEADER_BYTES : len(wav) & ~1])
    for place, sample in enumerate(samples):
        samples[place] = max(min(sample * volume // DEFAULT_VOLUME, 32767), -32768)
    return header + samples.tobytes()


def _pump(source: IO[bytes] | None, sink: IO[bytes] | None, began: Callable[[], None]) -> None:
    assert source is not None, "the engine was started with a pipe"
    is_first = True
    while chunk := source.read(_CHUNK):
        if is_first:
            began()
            is_first = False
        if sink is not None:
            try:
                sink.write(chunk)
                sink.flush()
            except OSError:  # the player has gone; its exit code says why
                sink = None


def _write(pipe: IO[bytes] | None, data: bytes) -> None:
    if pipe is not None:
        with contextlib.suppress(OSError):  # its reader has gone; whoever waits for that one will see
            pipe.write(data)
            pipe.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
