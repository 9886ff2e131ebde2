"""Sign-in held against providers and clients that no one here wrote, and against one that lies."""
