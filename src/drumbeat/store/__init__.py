"""The notebook's file; the only place with SQL."""
