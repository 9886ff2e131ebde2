"""We call the world: one folder per technology; adapters do not know each other."""
