"""The host names that a server answers to, and the web sites that may send it requests."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.settings import ServerSettings

ANY = "*"
"""In ``server.allowed_hosts``: any name."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach ``host``."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def host_name(header: str) -> str | None:
    """Return the host of a Host header, in lower case, without port and brackets; None if it is malformed."""
    match = _HOST.fullmatch(header)
    return (match[1] or match[2]).lower() if match else None


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that requests may be addressed to.

    Without such a list, a web site whose name resolves to this machine could read the archive through its visitors'
    browsers (DNS rebinding).

    :ivar names: in lower case; None for any name.
    :ivar named: the names given in the settings.
    """

    names: frozenset[str] | None
    named: frozenset[str] = frozenset()

    @classmethod
    def of(cls, server: ServerSettings) -> Hosts:
        """Return the names that the settings allow: the loopback names and those that the settings list.

        :raises SettingsError: if other machines can reach the address but the settings do not allow that, or list no
            names.
        """
        named = _named(server.allowed_hosts)
        if not is_loopback(server.host):
            _check_public(server, named)
        if ANY in named:
            return cls(None)
        own = _LOOPBACK | ({server.host.strip("[]").lower()} if is_loopback(server.host) else set())
        return cls(own | named, named)

    def takes(self, header: Sequence[str]) -> bool:
        """Return whether a request with these Host headers is addressed to this server."""
        name = host_name(header[0]) if len(header) == 1 else None
        return name is not None and (self.names is None or name in self.names)

    def trusts(self, host: str, origin: Sequence[str], site: Sequence[str]) -> bool:
        """Return whether a request that changes something comes from the page itself, or from no web page at all.

        :param host: its Host header.
        :param origin: its Origin headers.
        :param site: its Sec-Fetch-Site headers, which no web page can set. Browsers that send them have compared the
            page's address with the one requested, so they hold even if a proxy rewrites that.
        """
        if site:
            return list(site) in (["same-origin"], ["none"])
        if not origin:
            return True
        try:
            parts = urlsplit(origin[0])
            name = parts.hostname
        except ValueError:
            return False
        own = parts.netloc.lower() == host.lower() or (name is not None and name in self.named)
        return len(origin) == 1 and parts.scheme in ("http", "https") and own


def _named(setting: str) -> frozenset[str]:
    names = frozenset(name.strip().strip("[]").lower() for name in setting.split(",") if name.strip())
    for name in names - {ANY}:
        if host_name(f"[{name}]" if ":" in name else name) is None:
            raise SettingsError(
                f"server.allowed_hosts names {name!r}, which is not a host name; write names or addresses without a "
                "port, separated by commas: news.example, 192.168.1.4"
            )
    return names


def _check_public(server: ServerSettings, named: frozenset[str]) -> None:
    if not server.allow_public:
        raise SettingsError(
            f"server.host is {server.host!r}, which other machines can reach, and the server has no login. Keep "
            "127.0.0.1 and put a proxy with a login in front of it, or, if everybody on the network may read the "
            "archive, set ONTHERECORD_SERVER__ALLOW_PUBLIC=true"
        )
    if not named:
        raise SettingsError(
            f"server.host is {server.host!r}, which other machines can reach, but no host names are allowed: set "
            "ONTHERECORD_SERVER__ALLOWED_HOSTS to the names and addresses in the links that people use, separated by "
            f"commas, or to {ANY} for any name, which lets other web sites read the archive through people's browsers"
        )
