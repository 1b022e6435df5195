"""Folding undoes disguises, and remembers no more than it must."""

from __future__ import annotations

import tracemalloc

from cs_bot.text.fold import fold, units


def test_rare_characters_are_folded_as_well_and_not_kept() -> None:
    everything = "".join(map(chr, range(0x20000, 0x30000)))
    fold(everything[:10])
    tracemalloc.start()
    folded = fold(everything)
    del folded
    kept_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept_bytes < 100_000


def test_a_rare_character_keeps_its_place() -> None:
    assert units("a𠀀。").text == "a𠀀\x02"
    assert units("a𠀀。").origins == (0, 1, 2)
    assert fold("𝐀𠀀𠀀") == "a𠀀"
