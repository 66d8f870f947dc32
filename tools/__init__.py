"""What the project's own people run beside the product. Nothing of the product imports it."""
