"""Drill: every misreading tried on one delivery's rows, under the guard as it stands. Nothing here touches a store."""
