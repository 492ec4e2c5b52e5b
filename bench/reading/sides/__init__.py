"""Each reader with nothing told: `load(path)` gives its table as a list of rows, and what it says may be wrong.

A side is run in an environment of its own and imports nothing of bench. "With nothing told" is the reader's own way to
find out; where it has a way to say what it could not read, that is used.
"""
