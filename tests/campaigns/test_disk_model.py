"""The model of a disk without power: what was synced stays, the rest is any mixture, and nothing else."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.campaign.disk import SECTOR, Disk, Mode
from kiosk.campaign.write_log import (
    Created,
    Deleted,
    FolderSynced,
    Operation,
    Promised,
    Resized,
    Synced,
    Written,
)

A, B, C = b"a" * SECTOR, b"b" * SECTOR, b"c" * SECTOR


def disk_after(*operations: Operation, before: dict[str, bytes] | None = None) -> Disk:
    disk = Disk(before or {})
    for operation in operations:
        disk.take(operation)
    return disk


def torn(disk: Disk, tries: int = 300) -> set[tuple[tuple[str, bytes], ...]]:
    """Everything the disk was seen to leave in many throws."""
    return {tuple(sorted(disk.after_a_power_cut(Mode.TORN, Random(seed)).items())) for seed in range(tries)}


def contents(disk: Disk, name: str = "f") -> set[bytes]:
    return {dict(files)[name] for files in torn(disk)}


def test_what_was_synced_is_kept_in_every_mode() -> None:
    disk = disk_after(Created("f"), Written("f", 0, A), Synced("f"), Promised("x"))
    assert [disk.after_a_power_cut(mode, Random(1)) for mode in Mode] == [{"f": A}] * 3


def test_without_a_sync_nothing_or_everything_or_a_part_is_kept() -> None:
    disk = disk_after(Written("f", 0, B), Written("f", SECTOR, B), before={"f": A + A})
    assert disk.after_a_power_cut(Mode.NONE, Random(1)) == {"f": A + A}
    assert disk.after_a_power_cut(Mode.ALL, Random(1)) == {"f": B + B}
    assert contents(disk) == {A + A, A + B, B + A, B + B}, "the later write may be there without the earlier"


def test_one_write_is_torn_between_sectors_never_inside_one() -> None:
    disk = disk_after(Written("f", 0, B + C), before={"f": A + A})
    assert contents(disk) == {A + A, B + A, A + C, B + C}


def test_a_sector_written_twice_is_old_or_either_of_the_two() -> None:
    disk = disk_after(Written("f", 0, B), Written("f", 0, C), before={"f": A})
    assert contents(disk) == {A, B, C}


def test_a_small_write_leaves_the_rest_of_its_sector_alone() -> None:
    disk = disk_after(Written("f", 4, b"zz"), before={"f": A})
    assert contents(disk) == {A, b"aaaazz" + A[6:]}


def test_a_file_that_grew_may_be_short_or_hold_zeros() -> None:
    disk = disk_after(Written("f", SECTOR, B), before={"f": A})
    assert contents(disk) == {A, A + bytes(SECTOR), A + B}


def test_a_cut_that_was_not_synced_may_not_have_happened() -> None:
    disk = disk_after(Resized("f", SECTOR), before={"f": A + B})
    assert {A, A + B} <= contents(disk) <= {A, A + B, A + bytes(SECTOR)}


def test_a_new_file_without_a_sync_may_be_absent_or_empty() -> None:
    disk = disk_after(Created("f"), Written("f", 0, A))
    assert disk.after_a_power_cut(Mode.NONE, Random(1)) == {}
    assert {(), (("f", b""),), (("f", A),)} <= torn(disk)


def test_a_file_s_own_sync_keeps_its_name_and_no_other() -> None:
    disk = disk_after(Created("f"), Created("g"), Written("g", 0, A), Synced("g"))
    assert disk.after_a_power_cut(Mode.NONE, Random(1)) == {"g": A}
    assert torn(disk) == {(("g", A),), (("f", b""), ("g", A))}


@pytest.mark.parametrize(
    "sync", [FolderSynced(), Synced("g", folder_too=True), Deleted("g", folder_too=True)]
)
def test_the_folder_s_sync_keeps_every_name(sync: Operation) -> None:
    disk = disk_after(Created("f"), Created("g"), sync)
    assert "f" in disk.after_a_power_cut(Mode.NONE, Random(1))


def test_a_deleted_file_may_come_back_as_it_was_synced() -> None:
    disk = disk_after(Written("f", 0, B), Deleted("f"), before={"f": A})
    assert disk.after_a_power_cut(Mode.NONE, Random(1)) == {"f": A}
    assert disk.after_a_power_cut(Mode.ALL, Random(1)) == {}
    assert torn(disk) == {(), (("f", A),), (("f", B),)}


def test_a_file_made_anew_under_an_old_name_is_another_file() -> None:
    again = (Deleted("f"), Created("f"), Written("f", 0, B), Synced("f"))
    disk = disk_after(*again, before={"f": A + A})
    assert torn(disk) == {(("f", B),)}
    assert disk.after_a_power_cut(Mode.NONE, Random(1)) == {"f": B}


NAMES = st.sampled_from("fg")
CHANGES = st.one_of(
    st.builds(Written, NAMES, st.integers(0, 3000), st.binary(min_size=1, max_size=1500)),
    st.builds(Resized, NAMES, st.integers(0, 3000)),
    st.builds(Synced, NAMES, st.booleans()),
)


@given(st.lists(CHANGES, max_size=12), st.integers(0, 100))
def test_every_sector_after_a_cut_is_one_the_file_had_since_its_last_sync(
    changes: list[Operation], seed: int
) -> None:
    disk = Disk({"f": A, "g": B})
    had: dict[str, list[bytes]] = {"f": [A], "g": [B]}
    for change in changes:
        disk.take(change)
        for name, now in disk.after_a_power_cut(Mode.ALL, Random(0)).items():
            had[name].append(now)
        if isinstance(change, Synced):
            had[change.file] = had[change.file][-1:]
    for name, content in disk.after_a_power_cut(Mode.TORN, Random(seed)).items():
        assert len(content) in {len(image) for image in had[name]}
        for start in range(0, len(content), SECTOR):
            sector = content[start : start + SECTOR]
            padded = {
                image[start : start + SECTOR].ljust(SECTOR, b"\0")[: len(sector)] for image in had[name]
            }
            assert sector in padded
