"""The reading of ONE article: attributions, speakers, triggers."""
