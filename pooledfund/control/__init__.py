"""What is checked and approved: virements, close."""
