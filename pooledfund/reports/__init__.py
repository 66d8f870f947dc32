"""The quarterly pack, the memorandum account."""
