"""Is this text an IP address?"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address


def read_ip_address(text: str) -> IPv4Address | IPv6Address | None:
    """None for anything else. IPv4 in the clothes of IPv6, as sockets for both show it, is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
