"""Learns intents, spans and dialogue acts from labelled messages; pure numpy."""
