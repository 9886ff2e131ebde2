"""Encrypted write-once storage of recordings: format, keys, writing, playback."""
