"""Recipes: what they mean, one value at a time and over whole columns, in words, and learned from examples."""
