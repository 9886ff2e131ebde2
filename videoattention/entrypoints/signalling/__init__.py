"""The live side of the pages and of the media workers: Socket.IO, one namespace per kind of peer."""
