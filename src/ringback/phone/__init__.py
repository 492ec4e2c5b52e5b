"""Who is calling: the lookup for phone systems, phone books, and what changed of their answers."""
