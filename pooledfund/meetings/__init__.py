"""Meetings of a board: recording their minutes all at once, and drafting them from what is open."""
