"""Canonical text, passages, sentences, selectors and lexicons: what every layer above stands on."""
