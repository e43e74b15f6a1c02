"""Headers that every response carries, and how session cookies behave."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, request

from lms.settings import Settings

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def init_security(app: Flask, settings: Settings) -> None:
    """Cookies HttpOnly and SameSite=Lax (Secure behind TLS), Content-Security-Policy and its companions."""
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.behind_tls,
        SESSION_COOKIE_NAME="__Host-lms" if settings.behind_tls else "lms",
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.behind_tls,
        REMEMBER_COOKIE_DURATION=timedelta(days=60),
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        # The token decides, not the referrer: pages of one-time links tell browsers to send none.
        WTF_CSRF_SSL_STRICT=False,
    )

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.behind_tls:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static" and "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store" if response.status_code >= 400 else "private, no-cache"
        return response
