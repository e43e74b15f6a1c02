"""Numbers of the register: taken under a lock in the transaction that uses them, so that none is lost or doubled."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.certificates.models import CertificateKind, RegisterSeries, RegisterSymbol


def _insert(session: Session, table: type[RegisterSeries] | type[RegisterSymbol]) -> Any:
    dialect = session.get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def next_number(session: Session, issuer_id: int, kind: CertificateKind, year: int) -> int:
    """The next number of the issuer, kind and year, from 1.

    The series' row is inserted or raised in one statement, which locks it until the transaction ends: the next taker
    waits, and a rollback gives the number back.
    """
    raised = (
        _insert(session, RegisterSeries)
        .values(issuer_id=issuer_id, kind=kind, year=year, last_number=1)
        .on_conflict_do_update(
            index_elements=["issuer_id", "kind", "year"], set_={"last_number": RegisterSeries.last_number + 1}
        )
        .returning(RegisterSeries.last_number)
    )
    return int(session.execute(raised).scalar_one())


def claim_symbol(session: Session, candidates: list[str], issuer_id: int, kind: CertificateKind) -> str:
    """The first of the candidates that belongs to the issuer and kind, or to nobody yet: then it is theirs from now on.

    Raises LookupError when all belong to others.
    """
    for symbol in candidates:
        owned = select(RegisterSymbol.issuer_id, RegisterSymbol.kind).where(RegisterSymbol.symbol == symbol)
        owner = session.execute(owned).first()
        if owner is None:
            taken = _insert(session, RegisterSymbol).values(symbol=symbol, issuer_id=issuer_id, kind=kind)
            session.execute(taken.on_conflict_do_nothing(index_elements=["symbol"]))
            owner = session.execute(owned).first()
        if owner is not None and tuple(owner) == (issuer_id, kind):
            return symbol
    raise LookupError(candidates)
