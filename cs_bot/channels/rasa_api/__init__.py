"""Rasa's HTTP API: what a message means, trackers of conversations, events added to them."""
