"""Under which address do the phones of this home find us?"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address

_NOT_HOME = (
    "br-", "bridge", "cni", "docker", "flannel", "lxc", "lxd", "podman", "tailscale", "tap", "tun", "utun", "vboxnet",
    "veth", "virbr", "vmnet", "wg", "zt",
)  # fmt: skip
"""How networks of containers, virtual machines and VPNs are called: no phone is in them."""

_FAR_AWAY = ("203.0.113.1", 9)
"""Belongs to nobody (RFC 5737), so that it lies where everything unknown does: behind the router."""


def home_address() -> str | None:
    """Of this computer in its home network; None without one. Asks the system only: no packet is sent."""
    import psutil

    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    known = {
        name: [each.address for each in addresses if each.family == socket.AF_INET]
        for name, addresses in psutil.net_if_addrs().items()
        if name in up
    }
    return choose_address(known, _towards_router())


def choose_address(known: Mapping[str, Sequence[str]], towards_router: str | None) -> str | None:
    """The best IPv4 address of all interfaces: the one with which we speak to the router, else a private one."""
    candidates = [
        address
        for name, addresses in known.items()
        if not name.startswith(_NOT_HOME)
        for address in addresses
        if _can_be_reached(address)
    ]
    if towards_router in candidates:
        return towards_router
    candidates.sort(key=lambda address: not IPv4Address(address).is_private)
    return candidates[0] if candidates else None


def _can_be_reached(address: str) -> bool:
    kind = IPv4Address(address)
    return not (kind.is_loopback or kind.is_link_local or kind.is_unspecified)


def _towards_router() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_FAR_AWAY)  # of a datagram socket: only looks up the route
        except OSError:
            return None
        return str(asking.getsockname()[0])
