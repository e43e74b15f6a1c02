"""The documents of the register as kept: made once by a job, never made again."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.certificates.models import Certificate
from lms.certificates.printing import certificate_pdf
from lms.storage import Storage


def keep_document(
    session: Session, storage: Storage, certificate_id: int, base_url: str, *, before_writing: Callable[[], None]
) -> Certificate:
    """Make the document, keep it, and write its key and hash into the register; once done, nothing changes any more.

    `before_writing` is called between making the document and writing.
    """
    certificate = session.get_one(Certificate, certificate_id)
    if certificate.pdf_key is not None:
        return certificate
    key = storage.put(certificate_pdf(certificate, base_url), "pdf")
    before_writing()
    certificate = session.scalars(
        select(Certificate)
        .where(Certificate.id == certificate_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if certificate.pdf_key is None:
        certificate.pdf_key, certificate.pdf_sha256 = key, key.partition(".")[0]
        session.flush()
    return certificate


def document_of(certificate: Certificate, storage: Storage, base_url: str) -> bytes:
    """The document as kept; before the job has made it, the same bytes made now."""
    if certificate.pdf_key is not None:
        return storage.get(certificate.pdf_key)
    return certificate_pdf(certificate, base_url)
