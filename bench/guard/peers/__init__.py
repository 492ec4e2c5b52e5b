"""What peers say of the same deliveries, each used as its own documentation advises: one file a tool.

They run in environments of their own (`bench/guard/others.py` makes them) and import nothing of ringback. A tool is one
module with its `PACKAGES` and `learn(accepted, key)`, which gives what judges a delivery: the names of failed checks.
"""
