"""Reads the body of an HTTP request, but never more of it than is allowed."""

from __future__ import annotations

from fastapi import HTTPException, Request


async def bounded_body(request: Request, most_bytes: int) -> bytes:
    """Return the body; raises `HTTPException` 413 as soon as it is too long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            raise HTTPException(413, f"the body has more than {most_bytes} bytes")
    return bytes(body)
