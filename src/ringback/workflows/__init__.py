"""Store and steps in order: the only places where effects meet."""
