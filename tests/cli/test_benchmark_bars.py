"""What the quality half of the benchmark says of all public sets together."""

from __future__ import annotations

import pytest

from cs_bot.cli.benchmark import print_bars
from cs_bot.cli.quality import NINE


def scores(r1: float, ece: float, kept: float, reached: float | None) -> dict[str, object]:
    row = {"risk": 0.02, "kept": kept, "reached": reached}
    return {"r1": r1, "r5": 0.97, "auroc": None, "ece": ece, "contract": [row]}


def test_means_and_the_worst_are_held_against_their_bars(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one, other = NINE[:2]
    print_bars(
        {
            "starter": {"cs_bot": scores(0.1, 0.9, 0.1, 0.1)},
            one: {"cs_bot": scores(0.7, 0.04, 0.95, None)},
            other: {"cs_bot": scores(0.96, 0.06, 0.91, 0.85)},
        }
    )
    lines = {line[:25].strip(): line[25:].split() for line in capsys.readouterr().out.splitlines()}
    assert lines["right first, mean"] == ["0.83", "at", "least", "0.8", "met"]
    assert lines["gap, largest"] == ["0.06", "at", "most", "0.05", "MISSED"]
    assert lines["contract kept, least"][-1] == "met"
    assert lines["of hindsight, least"][0] == "0.85"
    assert "scope, mean" not in lines


def test_without_public_sets_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_bars({"starter": {"cs_bot": scores(0.1, 0.9, 0.1, 0.1)}})
    assert capsys.readouterr().out == ""
