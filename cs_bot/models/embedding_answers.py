"""Reads the answer of an OpenAI-compatible `/embeddings`, trusting nothing in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cs_bot.models.encoders import Vectors


def read_vectors(body: bytes, *, rows: int, width: int = 0) -> Vectors:
    """Return the rows in the order they were asked for, each of length 1.

    `width` 0 takes any. Raises `ValueError` that says what is wrong with the answer.
    """
    numbers = _numbers(_in_order(_items(body), rows))
    if width and numbers.shape[1] != width:
        raise ValueError(f"gave rows of {numbers.shape[1]} numbers, not {width}")
    if not np.isfinite(numbers).all():
        raise ValueError("gave numbers that are not finite")
    # By the largest first: squares of what float64 still holds may not fit.
    largest = np.abs(numbers).max(axis=1, keepdims=True)
    if not largest.all():
        raise ValueError("gave a row of zeros")
    numbers /= largest
    numbers /= np.linalg.norm(numbers, axis=1, keepdims=True)
    return numbers.astype(np.float32)


def _items(body: bytes) -> list[Mapping[str, Any]]:
    try:
        answer = json.loads(body)
        return [{"index": item["index"], "row": item["embedding"]} for item in answer["data"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("its answer holds no embeddings") from None


def _in_order(items: Sequence[Mapping[str, Any]], rows: int) -> list[Any]:
    if len(items) != rows:
        raise ValueError(f"gave {len(items)} rows for {rows} texts")
    placed = {item["index"]: item["row"] for item in items if isinstance(item["index"], int)}
    if placed.keys() != set(range(rows)):
        raise ValueError("its rows are not numbered from 0 on")
    return [placed[at] for at in range(rows)]


def _numbers(rows: Sequence[Any]) -> NDArray[np.float64]:
    try:
        numbers = np.array(rows, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        raise ValueError("its rows are not numbers of one width") from None
    if numbers.ndim != 2 or not numbers.size:
        raise ValueError("its rows are not numbers of one width")
    return numbers
