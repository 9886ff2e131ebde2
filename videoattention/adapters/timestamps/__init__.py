"""Time stamps of an authority (RFC 3161)."""
