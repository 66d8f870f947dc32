"""Official Excel returns."""
