"""Measures search, memory and changes of a large base beside exact search, in one process.

`python -m cs_bot.testing.scale_benchmark --data FOLDER [--size 20000] [--kept FOLDER] [--second]`
prints one figure a line; `cs-bot benchmark --scale` runs it. `--kept` keeps the vectors, so that a
second run need not encode all again. `--second` measures both encoders as well. Beside times by the
clock stand those of the processor (`_cpu`), which say more on a machine that does other things too.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cs_bot.models.adapter import Adapter, packaged_adapter
from cs_bot.models.e5 import E5Encoder
from cs_bot.models.encoders import Encoder, UniversalSentenceEncoder, Vectors
from cs_bot.models.indexes import DenseIndex
from cs_bot.models.threads import pin_threads
from cs_bot.retrieval.snapshot import Snapshot
from cs_bot.retrieval.vectors import VectorFiles
from cs_bot.testing.scale_corpus import asked, questions
from cs_bot.text.normalize import normalized
from cs_bot.text.tokenize import tokens
from cs_bot.types import QAPair

Figures = dict[str, float]

_RECALLED = 50
_WARM_UP = 20
_OKAPI_QUERIES = 20
_MOST_OKAPI = 50_000
"""Wordings up to which rank-bm25 is measured; its dictionaries take gigabytes beyond."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched for."""

    raw: str
    text: str
    vector: Vectors


def measured(
    texts: Sequence[str],
    asks: Sequence[str],
    encoder: Encoder,
    folder: Path,
    *,
    second: Encoder | None = None,
    adapter: Adapter | None = None,
) -> Figures:
    """Return the figures for a base of one pair per text; `folder` keeps vectors and index."""
    pairs = [QAPair(f"p{n}", text, (), f"answer {n}") for n, text in enumerate(texts)]
    files, queries = VectorFiles(folder / "first"), _queries(asks, encoder)
    snapshot, figures = _built(pairs, encoder, files)
    figures |= _searched(snapshot, queries, encoder)
    figures["megabytes"] = megabytes()
    figures["megabytes_peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures |= _edited(snapshot, pairs, encoder, files)
    figures |= _exact(snapshot, queries)
    if second is not None:
        started = time.perf_counter()
        answers = snapshot.with_answers()
        joined = answers.joined(second, adapter, files=VectorFiles(folder / "second"))
        figures["join_seconds"] = time.perf_counter() - started
        figures |= _by_both(joined, queries, encoder, second)
        del joined
    del snapshot
    started = time.perf_counter()
    Snapshot.build("scale", pairs, encoder, files=files)
    return figures | {"start_seconds": time.perf_counter() - started}


def megabytes() -> float:
    """Return what this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _queries(asks: Sequence[str], encoder: Encoder) -> list[Query]:
    texts = [(raw, normalized(raw)) for raw in asks]
    return [Query(raw, text, encoder.encode([text])[0]) for raw, text in texts if text]


def _built(
    pairs: Sequence[QAPair], encoder: Encoder, files: VectorFiles
) -> tuple[Snapshot, Figures]:
    began, started = time.process_time(), time.perf_counter()
    encoded_at = started

    def progress(done: int, of: int) -> None:  # noqa: ARG001 - when, not how far, is asked
        nonlocal encoded_at
        encoded_at = time.perf_counter()

    snapshot = Snapshot.build("scale", pairs, encoder, files=files, progress=progress)
    ended = time.perf_counter()
    seconds = {
        "build_seconds": ended - started,
        "build_seconds_cpu": time.process_time() - began,
        "build_after_encoding": ended - encoded_at,
    }
    return snapshot, {"wordings": float(len(snapshot.texts)), **seconds}


def _searched(snapshot: Snapshot, queries: Sequence[Query], encoder: Encoder) -> Figures:
    def whole(query: Query) -> object:
        text = snapshot.read(normalized(query.raw)).text
        return snapshot.search(text, encoder.encode([text])[0])

    return {
        **_spread("encode_ms", lambda query: encoder.encode([query.text]), queries),
        **_spread("search_ms", lambda query: snapshot.search(query.text, query.vector), queries),
        **_spread("query_ms", whole, queries),
    }


def _by_both(
    snapshot: Snapshot, queries: Sequence[Query], first: Encoder, second: Encoder
) -> Figures:
    """Return what a question takes with both encoders, beside what they take for it themselves."""
    took = []
    for query in queries:
        began = time.perf_counter()
        text = snapshot.compared(normalized(query.raw))
        encoding = time.perf_counter()
        vectors = first.encode([text])[0], second.encode([text])[0]
        searching = time.perf_counter()
        snapshot.search(text, vectors[0], second=vectors[1])
        took.append((time.perf_counter() - began, searching - encoding))
    whole, own = np.median(took[_WARM_UP:] or took, axis=0) * 1000
    return {
        "both_query_ms_p50": float(whole),
        "both_encode_ms_p50": float(own),
        "both_query_by_encode": float(whole / own),
    }


def _edited(
    snapshot: Snapshot, pairs: Sequence[QAPair], encoder: Encoder, files: VectorFiles
) -> Figures:
    """Return how long one edited pair takes to be found, from the new list of pairs on."""
    middle = len(pairs) // 2
    again = [replace(pair) for pair in pairs]  # a store makes new objects of every release
    again[middle] = replace(pairs[middle], question="这一条刚刚由运营人员改过了 just edited")
    shutil.rmtree(files.folder("edited"), ignore_errors=True)
    began, started = time.process_time(), time.perf_counter()
    edited = Snapshot.build("edited", again, encoder, files=files, before=snapshot)
    text = normalized(again[middle].question)
    found = edited.search(text, encoder.encode([text])[0])
    seconds = {
        "edit_seconds": time.perf_counter() - started,
        "edit_seconds_cpu": time.process_time() - began,
    }
    assert found[0].id == pairs[middle].id
    return {**seconds, "megabytes_two_releases": megabytes()}


def _exact(snapshot: Snapshot, queries: Sequence[Query]) -> Figures:
    """Return time of exact search over the same vectors, and the recall of ours against it."""
    vectors, dense = snapshot.vectors, snapshot.dense
    flat = DenseIndex(vectors, most_exact=len(vectors))
    shares = [
        np.isin(dense.nearest(one.vector, _RECALLED), flat.nearest(one.vector, _RECALLED)).mean()
        for one in queries
    ]
    return {
        f"recall_at_{_RECALLED}": float(np.mean(shares)),
        **_spread("dense_ms", lambda one: dense.nearest(one.vector, _RECALLED), queries),
        **_spread("exact_dense_ms", lambda one: flat.nearest(one.vector, _RECALLED), queries),
        **_okapi(snapshot.texts, queries[: _WARM_UP + _OKAPI_QUERIES]),
    }


def _okapi(texts: Sequence[str], queries: Sequence[Query]) -> Figures:
    from rank_bm25 import BM25Okapi

    if len(texts) > _MOST_OKAPI:
        return {}
    started = time.perf_counter()
    okapi = BM25Okapi([tokens(text) for text in texts])
    seconds = time.perf_counter() - started
    spread = _spread("rank_bm25_ms", lambda one: okapi.get_scores(tokens(one.text)), queries)
    return {"rank_bm25_build_seconds": seconds, **spread}


def _spread(name: str, work: Callable[[Query], object], queries: Iterable[Query]) -> Figures:
    took = []
    for query in queries:
        began, started = time.process_time(), time.perf_counter()
        work(query)
        took.append((time.perf_counter() - started, time.process_time() - began))
    wall, own = np.array(took[_WARM_UP:] or took).T * 1000
    return {
        f"{name}_p50": float(np.median(wall)),
        f"{name}_p95": float(np.percentile(wall, 95)),
        f"{name}_p50_cpu": float(np.median(own)),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures as one JSON object."""
    pin_threads()
    parser = argparse.ArgumentParser(prog="scale_benchmark", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    parser.add_argument("--size", type=int, default=20_000, help="questions in the base")
    parser.add_argument("--queries", type=int, default=500, help="questions that are asked")
    parser.add_argument("--kept", type=Path, help="folder that keeps the vectors")
    parser.add_argument("--second", action="store_true", help="measure both encoders as well")
    args = parser.parse_args(argv)
    texts, asks = questions(args.data, args.size), asked(args.data, args.queries)
    with tempfile.TemporaryDirectory() as folder:
        kept = args.kept or Path(folder)
        figures = measured(
            texts,
            asks,
            UniversalSentenceEncoder(),
            kept,
            second=E5Encoder() if args.second else None,
            adapter=packaged_adapter(),
        )
    rounded = {name: round(value, 4) for name, value in figures.items()}
    sys.stdout.write(json.dumps(rounded, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
