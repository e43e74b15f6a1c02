"""`lms admin`: the first administrator, and roles given from the server's command line."""

from __future__ import annotations

import re
import sys
from datetime import datetime

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.access.labels import LABELS
from lms.access.models import Role
from lms.access.operations import grant_role
from lms.access.rules import SYSTEM
from lms.cli_context import now, open_session, settings
from lms.people.accounts import ensure_account
from lms.people.links import make_links
from lms.people.models import Account, LinkPurpose, Person
from lms.people.operations import PersonDetails, create_person
from lms.people.passwords import HASHER, set_password
from lms.people.queries import account_of, holder_of, person_by_code
from lms.temporal import VIETNAM
from lms.text import clean
from lms.units.queries import unit_by_code

LINK_PATH = "/mat-khau/"
"""Where a one-time link leads, on the installation's address."""


@click.group()
def admin() -> None:
    """Administrators: the first one, and roles."""


@admin.command()
@click.option("--name", required=True, help="Full name.")
@click.option("--email", required=True, help="E-mail address; it signs in with it.")
@click.option("--code", help="Cadre code; made up when not given. The code of a known person makes that person one.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(name: str, email: str, code: str | None, password_stdin: bool) -> None:
    """Make a system administrator; prints a one-time link to set the password unless one is given."""
    email = clean(email).lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise click.BadParameter(f"{email!r} không phải là địa chỉ email", param_hint="--email")
    at = now()
    with open_session() as session:
        person = _person(session, name, email, code, at)
        account = ensure_account(session, person, at=at)
        grant_role(session, SYSTEM, account, Role.system_admin, None, at=at)
        lines = [
            f"{person.full_name} ({person.code}) là quản trị hệ thống, đăng nhập bằng {person.email or person.code}."
        ]
        if password_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
            set_password(
                session, account, person, password, hasher=HASHER, action="account.password_set", actor_id=None, at=at
            )
        else:
            lines += _link(session, account, at)
    for line in lines:
        click.echo(line)


@admin.command()
@click.argument("who")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--unit", "unit_code", help="Code of the unit; needed for every role but system_admin.")
def grant(who: str, role: str, unit_code: str | None) -> None:
    """Give WHO (cadre code, e-mail or phone number) a ROLE over a unit and everything below it."""
    at = now()
    with open_session() as session:
        person = holder_of(session, who)
        if person is None:
            raise click.ClickException(f"không có ai, hoặc có nhiều người, ứng với {who!r}")
        unit = unit_by_code(session, unit_code) if unit_code else None
        if unit_code and unit is None:
            raise click.ClickException(f"không có đơn vị mang mã {unit_code!r}")
        known = account_of(session, person.id)
        account = known or ensure_account(session, person, at=at)
        grant_role(session, SYSTEM, account, Role(role), unit.id if unit else None, at=at)
        lines = [
            f"{person.full_name} ({person.code}): {LABELS[Role(role)]}" + (f", đơn vị {unit.code}." if unit else ".")
        ]
        if known is None:
            lines += _link(session, account, at)
    for line in lines:
        click.echo(line)


def _person(session: Session, name: str, email: str, code: str | None, at: datetime) -> Person:
    """The person of that code or e-mail, or a new one."""
    found = person_by_code(session, code) if code else None
    found = found or holder_of(session, email)
    if found is not None:
        return found
    if session.scalar(select(func.count()).where(Person.email == email)):
        raise click.ClickException(f"nhiều người có địa chỉ {email}: hãy nêu rõ bằng --code")
    return create_person(session, None, code or _free_code(session), PersonDetails(name, email=email), at=at)


def _free_code(session: Session) -> str:
    taken = set(session.scalars(select(Person.code).where(Person.code.startswith("QT-"))))
    return next(code for number in range(1, len(taken) + 2) if (code := f"QT-{number:03d}") not in taken)


def _link(session: Session, account: Account, at: datetime) -> list[str]:
    made = make_links(session, [account], LinkPurpose.first_password, actor_id=None, at=at)
    token, until = made[account.id]
    return [
        f"Đặt mật khẩu một lần, trước {until.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}, tại:",
        f"{settings().base_url}{LINK_PATH}{token}",
    ]
