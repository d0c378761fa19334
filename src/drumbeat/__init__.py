"""drumbeat remembers the themes of the news, and recalls your bottom line whenever one comes back."""

__version__ = "0.1.0"
