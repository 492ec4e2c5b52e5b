"""How fast callers are told, while nothing else happens and while everything is imported and undone."""
