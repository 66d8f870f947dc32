"""Reconciling with partners: runs, what is open after them, what people say of an item, and the statements."""
