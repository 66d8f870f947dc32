"""Streamlit pages; no figure is worked out here."""
