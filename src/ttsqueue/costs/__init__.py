"""What a book will cost, and how much may be spent."""
