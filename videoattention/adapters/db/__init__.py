"""The database: SQLite by default, PostgreSQL by address. Nothing outside this package writes SQL."""
