"""The only room that knows every part: from settings to a program that runs.

Nothing is imported here, so that a media worker, which must be back at once, loads no more than it needs.
"""
