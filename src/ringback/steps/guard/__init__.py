"""The arithmetic of learned limits: rates of change, and sizes."""
