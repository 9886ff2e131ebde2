"""The media worker beside Janus and aiortc's MediaRecorder, under one load: see `benchmarks.media.__main__`."""
