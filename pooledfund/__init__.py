"""The application: one agreement with its books, what comes in, what is worked out, what is approved."""

__version__ = "0.1.0"
