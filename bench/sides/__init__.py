"""What ringback is measured against. Each is a program of its own: arguments in, one JSON object out."""
