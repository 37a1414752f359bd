"""The Queue API over HTTP: REST, live events and the identity of whoever asks."""
