"""The blueprint of certificates; the modules beside this one add its pages."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response
from werkzeug.wrappers import Response

from lms.certificates.documents import document_of
from lms.certificates.models import Certificate
from lms.certificates.printing import certificate_picture
from lms.settings import Settings
from lms.web.files import storage

blueprint = Blueprint("certificates", __name__)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def pdf_response(certificate: Certificate) -> Response:
    """The document as a file named by its serial number, opened in the browser."""
    response = make_response(document_of(certificate, storage(), _settings().base_url))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{certificate.serial_no}.pdf"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def picture_response(certificate: Certificate) -> Response:
    """A small picture of the document, for the screen; what was issued never changes, so it may be kept."""
    response = make_response(certificate_picture(certificate, _settings().base_url, width=720))
    response.headers["Content-Type"] = "image/webp"
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
