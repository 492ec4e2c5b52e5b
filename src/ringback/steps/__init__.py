"""Verbs: pure steps that decide and touch nothing."""
