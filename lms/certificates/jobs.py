"""The job that makes a certificate's document."""

from __future__ import annotations

from typing import Any

from lms.certificates.documents import keep_document
from lms.certificates.operations import RENDER
from lms.worker import JobContext, handles


@handles(RENDER)
def render(context: JobContext, payload: dict[str, Any]) -> dict[str, Any]:
    """Make and keep the document; where that was done, nothing changes."""
    base_url, certificate_id = context.settings.base_url, payload["certificate_id"]
    certificate = keep_document(
        context.session, context.storage, certificate_id, base_url, before_writing=context.write
    )
    return {"pdf_key": certificate.pdf_key}
