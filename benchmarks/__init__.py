"""What measures the product: how fast it posts and reports, and whether the books hold under random work."""
