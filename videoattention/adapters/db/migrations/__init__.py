"""The tables' history: Alembic's tree, inside the package so that the wheel carries it."""
