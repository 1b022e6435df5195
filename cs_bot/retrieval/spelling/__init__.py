"""Reads a misspelt question as the knowledge base would have written it; pure.

Only what the base does not hold, and what is improbable as it stands, is read as something that
the base does hold. Knows the base by the tokens of its wordings and nothing else.
"""

from cs_bot.retrieval.spelling.reading import Corrected, load, read
from cs_bot.retrieval.spelling.vocabulary import Vocabulary

__all__ = ["Corrected", "Vocabulary", "load", "read"]
