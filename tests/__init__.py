"""Tests, and what they share: browsers, a database server, the clip."""
