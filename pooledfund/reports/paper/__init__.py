"""Papers as accessible PDF: how tables fit a page, charts, and the typesetting. Works no figure out."""
