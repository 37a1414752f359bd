"""How long a text will take to speak."""
