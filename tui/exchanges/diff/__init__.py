"""What differs between two exchanges, within bounds for bodies of any size."""
