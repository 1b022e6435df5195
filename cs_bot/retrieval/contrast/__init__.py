"""Notices when a question asks for the opposite of the pair it was matched with; pure.

`excluded` is what the knowledge base asks; `mismatch` compares two single texts.
"""

from cs_bot.retrieval.contrast.comparing import Mismatch
from cs_bot.retrieval.contrast.guard import Guard, excluded, mismatch

__all__ = ["Guard", "Mismatch", "excluded", "mismatch"]
