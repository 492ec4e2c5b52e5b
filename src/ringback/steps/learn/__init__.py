"""Recipes from examples: a bounded search, ranked by simplicity and by how it does on the column."""
