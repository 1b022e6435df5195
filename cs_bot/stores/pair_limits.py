"""How large a pair may be: the same in files and in the console, so that each saves the other's."""

from __future__ import annotations

MOST_QUESTION = 500
"""Characters of a question or similar question: as many as the encoders read."""
MOST_SIMILAR = 5_000
"""Similar questions in each language."""
MOST_ANSWER = 16_000
"""Characters of an answer."""
MOST_LABEL = 100
"""Characters of a category, a tag or the name of a task."""
MOST_TAGS = 50
