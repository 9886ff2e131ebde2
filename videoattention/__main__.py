"""``python -m videoattention``."""

from videoattention.cli import main

main()
