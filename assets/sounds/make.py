"""The four sounds of the lane, computed: a scan, a refused scan, a call for attention, a finished payment.

It must not know when they are played.

Run it after changing a tone::

    python assets/sounds/make.py

Files are 22.05 kHz, mono, 16-bit PCM. Every tone fades in and out, because a tone cut at full swing clicks.
"""

import math
import sys
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RATE_HZ = 22_050
FADE_S = 0.006
FULL_SWING = 32_767


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """One note. `level` is 0..1 of full swing; `release_s` is the length of its fade at the end."""

    frequency_hz: float
    duration_s: float
    level: float = 0.5
    release_s: float = FADE_S
    start_s: float = 0.0


SOUNDS: dict[str, tuple[Tone, ...]] = {
    "scan_ok": (Tone(frequency_hz=1000, duration_s=0.06),),
    "scan_fail": (
        Tone(frequency_hz=330, duration_s=0.13),
        Tone(frequency_hz=247, duration_s=0.2, start_s=0.17, release_s=0.03),
    ),
    "attention": (
        Tone(frequency_hz=784, duration_s=0.18, release_s=0.04),
        Tone(frequency_hz=587, duration_s=0.3, start_s=0.2, release_s=0.12),
    ),
    "paid": (
        Tone(frequency_hz=523.25, duration_s=0.2, level=0.3, release_s=0.1),
        Tone(frequency_hz=659.25, duration_s=0.24, level=0.3, start_s=0.11, release_s=0.14),
        Tone(frequency_hz=783.99, duration_s=0.45, level=0.34, start_s=0.22, release_s=0.32),
    ),
}


def loudness(tone: Tone, at_s: float) -> float:
    """Level of `tone` at `at_s` seconds after its own start: raised-cosine fades at both ends."""
    share = min(1.0, at_s / FADE_S, (tone.duration_s - at_s) / tone.release_s)
    return tone.level * (1 - math.cos(math.pi * max(0.0, share))) / 2


def samples(tones: Sequence[Tone]) -> list[int]:
    """The tones mixed into signed 16-bit samples."""
    length_s = max(tone.start_s + tone.duration_s for tone in tones)
    mixed = [0.0] * round(length_s * RATE_HZ)
    for tone in tones:
        first = round(tone.start_s * RATE_HZ)
        for step in range(min(round(tone.duration_s * RATE_HZ), len(mixed) - first)):
            at_s = step / RATE_HZ
            mixed[first + step] += loudness(tone, at_s) * math.sin(2 * math.pi * tone.frequency_hz * at_s)
    return [round(max(-1.0, min(1.0, value)) * FULL_SWING) for value in mixed]


def write(path: Path, tones: Sequence[Tone]) -> None:
    """Write the tones to `path` as WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(b"".join(value.to_bytes(2, "little", signed=True) for value in samples(tones)))


def main() -> int:
    """Write every sound next to this script."""
    for name, tones in SOUNDS.items():
        write(Path(__file__).with_name(f"{name}.wav"), tones)
    sys.stdout.write(f"{len(SOUNDS)} sounds\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
