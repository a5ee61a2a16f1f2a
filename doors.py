"""What both servers, the desk and the stage, ask of every request and put on every answer."""

from collections.abc import Iterable
from urllib.parse import urlsplit

#: Streamlit's own doors that nobody needs.
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")


def origins(address: str) -> set[str]:
    """The origins of a public address whose pages may connect: itself and, on one's own machine, its number."""
    public = urlsplit(address)
    own = {f"{public.scheme}://{public.netloc}"}
    if public.scheme == "http" and public.hostname == "localhost":
        own.add(f"http://{public.netloc.replace('localhost', '127.0.0.1')}")
    return own


def security(own: Iterable[str]) -> dict[str, str]:
    """The headers that keep other sites out."""
    sockets = " ".join(sorted(origin.replace("http", "ws", 1) for origin in own))
    headers = {
        "content-security-policy": (
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            f"font-src 'self' data:; connect-src 'self' {sockets}; frame-ancestors 'none'; base-uri 'self'; "
            "form-action 'self'; object-src 'none'"
        ),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
    }
    if all(origin.startswith("https://") for origin in own):
        headers["strict-transport-security"] = "max-age=31536000"
    return headers


def under(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether an address is one of these, or below one."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in prefixes)
