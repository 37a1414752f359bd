"""Who sent this request? Server keys, access tokens, session cookies, pairing, or nobody but the local user."""
