"""Recipes from examples: a bounded, deterministic search, ranked by simplicity and by how it does on the whole column."""
