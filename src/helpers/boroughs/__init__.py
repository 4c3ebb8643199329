"""What the book says of one borough: its people, its share of 2009, its plan of 2024, its gaps."""
