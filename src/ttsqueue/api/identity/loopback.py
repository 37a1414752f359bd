"""Where a server without sign-in may listen."""

from __future__ import annotations

from ipaddress import ip_address

from ttsqueue.errors import SettingsError


def check_loopback(host: str) -> None:
    """SettingsError for an address that other computers can reach."""
    if not is_loopback(host):
        raise SettingsError(
            f"TTSQUEUE_AUTH=off lets everybody in, so it works on 127.0.0.1 only, not on {host}: "
            "set TTSQUEUE_AUTH=jwt, or use `ttsqueue up --lan` at home."
        )


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False
