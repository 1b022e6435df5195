"""Runs the actions of a bot; knows rasa-sdk, not stages."""
