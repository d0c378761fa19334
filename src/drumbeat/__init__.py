"""drumbeat remembers the themes of the news: bookmark one with your bottom line, and it is recalled whenever it comes back."""

__version__ = "0.1.0"
