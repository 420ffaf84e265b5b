"""Request bodies: read whole, decompressed, never larger than ``MAX_BYTES``."""

import zlib
from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from rest_framework.exceptions import ParseError, UnsupportedMediaType

from accounts.api.errors import TooLargeError

MAX_BYTES: Final = 10 * 1024 * 1024
GZIP: Final = 16 + zlib.MAX_WBITS
# A gzip file may be several, one after the other. What follows a part is copied to find the next, so that many tiny
# ones would take minutes; bgzip's blocks of 64 KB fit in.
MOST_PARTS: Final = 200


def read_body(request: HttpRequest) -> bytes:
    """The body as its sender meant it; raises ``TooLargeError``, or ``ParseError`` where it is cut short."""
    raw = _raw(request)
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        return raw
    if encoding in ("gzip", "x-gzip"):
        return gunzip(raw)
    raise UnsupportedMediaType(
        encoding, detail=f"Content-Encoding {encoding[:40]!r} is not supported; use gzip or none."
    )


def gunzip(raw: bytes) -> bytes:
    """Decompress, giving up as soon as the result is too large, so that no small body can fill the memory."""
    parts: list[bytes] = []
    room = MAX_BYTES
    while raw:
        if len(parts) == MOST_PARTS:
            raise ParseError(f"The gzip body has more than {MOST_PARTS} parts; compress it as one.")
        stream = zlib.decompressobj(GZIP)
        try:
            parts.append(stream.decompress(raw, room + 1))
        except zlib.error as error:
            raise ParseError(f"The body is not valid gzip: {error}.") from None
        room -= len(parts[-1])
        if room < 0:
            raise TooLargeError(_too_large("decompressed"))
        if not stream.eof:
            raise ParseError("The gzip body is cut short: its end is missing.")
        raw = stream.unused_data
    return b"".join(parts)


def _raw(request: HttpRequest) -> bytes:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
            raise TooLargeError(_too_large("sent"))
        body = _chunked(request) if _is_chunked(request) else request.body
    except RequestDataTooBig:
        raise TooLargeError(_too_large("sent")) from None
    except UnreadablePostError:
        raise ParseError("The body ended before its announced length.") from None
    return body


def _is_chunked(request: HttpRequest) -> bool:
    """Sent without a length (curl -T -), of which Django sees nothing."""
    return "chunked" in request.headers.get("Transfer-Encoding", "").lower() and not request.META.get("CONTENT_LENGTH")


def _chunked(request: HttpRequest) -> bytes:
    body: bytes = request.META["wsgi.input"].read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise TooLargeError(_too_large("sent"))
    return body


def _too_large(how: str) -> str:
    return f"The body is larger, as {how}, than {MAX_BYTES // 1024 // 1024} MB. Send it in parts."
