"""Simulated customers of the starter bot: what they want, how they behave, and what came of it."""
