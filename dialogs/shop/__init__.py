"""The shop behind the order service: its orders, what is done with them, and what may go wrong."""
