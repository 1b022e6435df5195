"""Reads the YAML of a Rasa project; knows files and lines, not conversations."""
