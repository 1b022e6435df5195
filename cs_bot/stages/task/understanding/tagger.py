"""Finds spans in a message: which words say a value, and what it is a value of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs_bot.stages.task.understanding.crf import Chain, trained_chain
from cs_bot.stages.task.understanding.sparse import Vocabulary, keys_of, vocabulary
from cs_bot.stages.task.understanding.tokens import Token, tokens

Span = tuple[int, int, str]
"""Start, end, name."""

_OUTSIDE = "O"
_SHAPES = (("A", re.compile(r"[A-Z]")), ("a", re.compile(r"[a-z]")), ("0", re.compile(r"[0-9]")))


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """A trained chain over the tokens of a message; labels are `O`, `B-name`, `I-name`."""

    chain: Chain
    features: Vocabulary
    labels: tuple[str, ...]

    def spans(self, text: str, about: Sequence[str] = (), before: str = "") -> list[Span]:
        """Return the spans in reading order; `about` are labels of the whole message.

        `before` is what the bot said last.
        """
        cut = tokens(text)
        if not cut:
            return []
        rows = self.features.rows([list(row) for row in features(cut, about, before)])
        return list(_spans([self.labels[label] for label in self.chain.best(rows)], cut))


def trained_tagger(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    about: Sequence[Sequence[str]],
    before: Sequence[str],
    *,
    epochs: int = 6,
    rate: float = 0.2,
    least: int = 1,
) -> Tagger | None:
    """Return the tagger of these messages, None where nothing is marked in any."""
    named = sorted({name for row in spans for _, _, name in row})
    if not named:
        return None
    labels = (_OUTSIDE, *(f"{side}-{name}" for name in named for side in "BI"))
    number = {label: at for at, label in enumerate(labels)}
    keyed, lengths, told = [], [], []
    for text, marked, whole, said in zip(texts, spans, about, before, strict=True):
        cut = tokens(text)
        if cut:
            keyed += [keys_of(row) for row in features(cut, whole, said)]
            lengths.append(len(cut))
            told += [number[label] for label in _labels(cut, marked)]
    known = vocabulary(keyed, least)
    chain = trained_chain(
        known.known(keyed),
        lengths,
        np.array(told, dtype=np.intp),
        len(known),
        _follows(labels),
        epochs=epochs,
        rate=rate,
    )
    return Tagger(chain, known, labels)


def _follows(labels: Sequence[str]) -> NDArray[np.bool_]:
    """Return which label may follow which: the inside of a span follows its beginning or inside."""
    names = np.array([label[2:] for label in labels])
    inside = np.array([label.startswith("I-") for label in labels])
    follows: NDArray[np.bool_] = ~inside[None, :] | (names[:, None] == names[None, :])
    return follows


def _labels(cut: Sequence[Token], spans: Sequence[Span]) -> list[str]:
    """Return one label a token; of spans that overlap the first one counts."""
    labels = [_OUTSIDE] * len(cut)
    for start, end, name in sorted(spans):
        inside = [at for at, (_, left, right) in enumerate(cut) if left < end and start < right]
        if inside and all(labels[at] == _OUTSIDE for at in inside):
            for at in inside:
                labels[at] = f"I-{name}"
            labels[inside[0]] = f"B-{name}"
    return labels


def _spans(labels: Sequence[str], cut: Sequence[Token]) -> Iterator[Span]:
    start, name = -1, ""
    for at, label in enumerate((*labels, _OUTSIDE)):
        if name and label != f"I-{name}":
            yield cut[start][1], cut[at - 1][2], name
            name = ""
        if label != _OUTSIDE and not name:
            start, name = at, label[2:]


def features(cut: Sequence[Token], about: Sequence[str], said: str = "") -> Iterator[list[str]]:
    """Yield what is seen of each token: itself, its neighbours, its shape, the whole message."""
    words = [word.lower() for word, _, _ in cut]
    padded = ["<2", "<1", *words, ">1", ">2"]
    heard = _heard(words, said)
    shapes = ["", *(_shape(word) for word, _, _ in cut), ""]
    for at, word in enumerate(words):
        before2, before, _, after, after2 = padded[at : at + 5]
        row = ["bias", f"w={word}", f"-1={before}", f"+1={after}", f"-2={before2}", f"+2={after2}"]
        row += [f"-1w={before} {word}", f"w+1={word} {after}", f"-21={before2} {before}"]
        row += [f"+12={after} {after2}", f"-1+1={before} {after}"]
        row += [f"-1w+1={before} {word} {after}", f"-21w={before2} {before} {word}"]
        row += [f"w+12={word} {after} {after2}"]
        row += [f"s={shapes[at + 1]}", f"-s={shapes[at]}", f"+s={shapes[at + 2]}"]
        row += [f"ss={shapes[at]} {shapes[at + 1]} {shapes[at + 2]}"]
        row += [f"p{size}={word[:size]}" for size in (1, 2, 3, 4) if len(word) >= size]
        row += [f"e{size}={word[-size:]}" for size in (1, 2, 3, 4) if len(word) >= size]
        if at == 0:
            row.append("first")
        if heard[at]:
            row += [f"<{heard[at]}", f"<{heard[at]} -1={before}", f"<{heard[at]} +1={after}"]
        for whole in about:
            row += [f"@{whole}", f"@{whole} w={word}", f"@{whole} -1={before}"]
            row += [f"@{whole} +1={after}", f"@{whole} <{heard[at]}"]
        yield row


def _heard(words: Sequence[str], said: str) -> list[str]:
    """Return where each word stands in the longest run of words that the bot said too."""
    places = [""] * len(words)
    spoken = f" {' '.join(word for word, _, _ in tokens(said.lower()))} " if said else ""
    at = 0
    while spoken and at < len(words):
        end = at
        while end < len(words) and f" {' '.join(words[at : end + 1])} " in spoken:
            end += 1
        if end - at > 1:
            places[at:end] = ["B", *["I"] * (end - at - 2), "E"]
        at = max(end, at + 1)
    return places


def _shape(word: str) -> str:
    """Return `Aa` for Xbox, `0` for 42, `A` for USA: kinds of characters in a row."""
    signs: list[str] = []
    for char in word[:20]:
        sign = next((sign for sign, kind in _SHAPES if kind.match(char)), "x")
        if not signs or signs[-1] != sign:
            signs.append(sign)
    return "".join(signs)
