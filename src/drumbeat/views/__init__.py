"""The only layer that prints, serves or reads settings."""
