"""Papers that a person can read: tagged PDFs, and the signature inside them."""
