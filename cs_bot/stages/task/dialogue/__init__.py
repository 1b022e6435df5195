"""Decides what the bot does next, from what was said and done: pure, without I/O or clock."""
