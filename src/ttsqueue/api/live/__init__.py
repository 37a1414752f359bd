"""Live events: whoever watches a job gets its state now, then the newest state after each change.

States are sent, never deltas, so a connection that was lost and made again has missed nothing that still matters.
"""

from ttsqueue.api.live.live import Connected, Live, open_live

__all__ = ["Connected", "Live", "open_live"]
