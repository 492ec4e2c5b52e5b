"""Trial: two readings of one delivery, compared row by row."""
