"""TTS servers: what each may be asked, by all workers together, and how it is doing."""
