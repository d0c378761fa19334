"""The notebook's file; the only place with SQL."""

from drumbeat.store.store import BatchResult, Store, open_store

__all__ = ["BatchResult", "Store", "open_store"]
