"""Makes questions that are like a knowledge base's own but want another answer, and asks them.

Measures the contrast guard from outside: half of the words it changes stand in `words/` here and
nowhere else. The guard must not read this package.
"""
