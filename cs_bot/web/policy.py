"""What browsers may do with our pages and who may load our files, as response headers."""

from __future__ import annotations

from collections.abc import Mapping

# Pictures come from wherever an operator says in an answer; nobody else can name one.
_PICTURES = "data: http: https:"

CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    f"img-src 'self' blob: {_PICTURES}; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    f"img-src 'self' {_PICTURES}; form-action 'none'; base-uri 'none'; frame-ancestors "
)
DEMO_POLICY = _PAGE_POLICY + "'none'"
CHAT_POLICY = _PAGE_POLICY + "'self'"
PLAIN_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_WIDGET_FILES = "widget/"


def page_headers(policy: str) -> dict[str, str]:
    """Return the headers of a page with this content security policy."""
    return {**_ALWAYS, "Content-Security-Policy": policy}


def file_headers(name: str) -> dict[str, str]:
    """Return the headers of a file under `/static/`; only the widget's may be loaded elsewhere."""
    if name.startswith(_WIDGET_FILES):
        return {
            **_ALWAYS,
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
    return {**_ALWAYS, "Cross-Origin-Resource-Policy": "same-origin"}
