"""What is left after `kill -9`: `make crash-test`."""
