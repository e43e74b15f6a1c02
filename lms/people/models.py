"""People, their accounts, sign-in links and throttle counters."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from lms.db import Base, Id, Keyed, coded
from lms.text import clean, fold, name_sort_key, split_name


class Gender(enum.Enum):
    """As the roster states it."""

    male = "male"
    female = "female"


class Person(Keyed, Base):
    """A person, known by the cadre code; what somebody was or did is dated elsewhere (posts, ledger, certificates).

    `born_on` is the birth date; where only the year is known `born_year` alone is set.
    """

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("born_year BETWEEN 1900 AND 2100", name="born_year"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    ho_dem: Mapped[str] = mapped_column(String(110))
    ten: Mapped[str] = mapped_column(String(60))
    name_folded: Mapped[str] = mapped_column(String(120), index=True)
    sort_key: Mapped[bytes] = mapped_column(LargeBinary(400), index=True)
    born_on: Mapped[date | None]
    born_year: Mapped[int | None]
    gender: Mapped[Gender | None] = mapped_column(coded(Gender, "gender"))
    ethnicity: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(200), index=True)
    phone: Mapped[str | None] = mapped_column(String(15), index=True)
    created_at: Mapped[datetime]

    account: Mapped[Account | None] = relationship(back_populates="person", lazy="raise")

    @validates("full_name")
    def _derive_name(self, _key: str, value: str) -> str:
        name = clean(value)
        self.ho_dem, self.ten = split_name(name)
        self.name_folded = fold(name)
        self.sort_key = name_sort_key(self.ho_dem, self.ten)
        return name

    @property
    def initials(self) -> str:
        """The first letters of the last đệm (or họ) and the tên, for the avatar."""
        words = self.full_name.split(" ")[-2:]
        return "".join(word[0] for word in words).upper()


class Account(Keyed, Base):
    """A person's way in. `session_epoch` rises to sign out everywhere; no hash means no password was set yet."""

    __tablename__ = "account"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    session_epoch: Mapped[int] = mapped_column(default=0)
    disabled_at: Mapped[datetime | None]
    locale: Mapped[str] = mapped_column(String(5), default="vi")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="account", lazy="raise")


class LinkPurpose(enum.Enum):
    """first_password: given out by an administrator · reset: asked for by the person."""

    first_password = "first_password"  # noqa: S105 - a code, not a secret
    reset = "reset"


class SignInLink(Keyed, Base):
    """A one-time link to set a password; only the token's hash is kept."""

    __tablename__ = "sign_in_link"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(coded(LinkPurpose, "purpose"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(Id)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ThrottleCounter(Keyed, Base):
    """Tries counted per key (account or address) and window, so that limits hold across nodes."""

    __tablename__ = "throttle_counter"
    __table_args__ = (UniqueConstraint("key", "window_start"),)

    key: Mapped[str] = mapped_column(String(120))
    window_start: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
