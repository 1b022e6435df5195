"""Rasa's two-stage fallback: asks whether the likely intent is meant, then for other words."""

from __future__ import annotations

LOOPS = frozenset({"action_two_stage_fallback", "two_stage_fallback"})
"""Its names as a loop."""
