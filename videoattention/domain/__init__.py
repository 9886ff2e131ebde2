"""The rules of video attention: standard library only, no I/O, no clock, no chance."""
