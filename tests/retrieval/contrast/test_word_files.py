"""The word lists: what is wrong in them is named with file and line."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import pytest

import cs_bot.retrieval
from cs_bot.errors import BadInput
from cs_bot.retrieval.contrast.lexicon import packaged
from cs_bot.retrieval.contrast.word_files import (
    read_contrasts,
    read_groups,
    read_negations,
    read_units,
)

HELD_OUT = Path(cs_bot.retrieval.__file__).parent / "minimal_pairs" / "words"
OURS = Path(cs_bot.retrieval.__file__).parent / "contrast" / "words"


@pytest.mark.parametrize(
    ("read", "text", "line"),
    [
        (read_contrasts, "antonym,a/b\n", 1),
        (read_contrasts, "kind,sides\n# why\ncolour,red/blue\n", 3),
        (read_contrasts, "kind,sides\nantonym,open\n", 2),
        (read_contrasts, "kind,sides\nantonym\n", 2),
        (read_units, "dimension,units\nweight,g=one\n", 2),
        (read_negations, "never not\n", 1),
        (read_groups, "a,b\nb,c\n", 2),
    ],
)
def test_a_wrong_line_is_named(read, text: str, line: int, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # any of the readers
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read(path)
    assert f"{path}:{line}" in str(caught.value)


def test_the_guard_knows_no_contrast_and_no_unit_of_the_half_that_is_held_out() -> None:
    lexicon = packaged()
    for row in read_contrasts(HELD_OUT / "contrasts.csv"):
        for side, other in combinations(row.sides, 2):
            for one, two in product(side, other):
                forms = lexicon.form(one), lexicon.form(two)
                assert lexicon.opposed(*forms) is None, row
                assert forms[0] != forms[1], f"{one} and {two} are alike and opposite"
    assert not lexicon.units.keys() & read_units(HELD_OUT / "units.csv").keys()


def test_no_word_stands_in_both_halves() -> None:
    ours = {w for row in read_contrasts(OURS / "contrasts.csv") for side in row.sides for w in side}
    held_out = read_contrasts(HELD_OUT / "contrasts.csv")
    assert not ours & {word for row in held_out for side in row.sides for word in side}


def test_the_guard_does_not_read_the_package_that_tests_it() -> None:
    sources = (HELD_OUT.parents[1] / "contrast").glob("*.py")
    assert [path.name for path in sources if "minimal_pairs" in path.read_text()] == []
