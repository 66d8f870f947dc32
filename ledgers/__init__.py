"""Double entry in integer pence; knows nothing of health or care."""
