"""Models behind small Protocols; the only place where weights load."""
