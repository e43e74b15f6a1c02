"""Settings: every one comes from the environment (`LMS_*`) or has a default, and says which."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from sqlalchemy import make_url

PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """A folder shipped with the product (static, translations, migrations, courses).

    Inside an installed wheel it lies in the package; in a checkout it lies beside the package.
    """
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


@dataclass(frozen=True)
class Settings:
    """The installation's settings; `origin` tells for each where its value comes from."""

    instance: Path = field(metadata={"env": "LMS_INSTANCE", "help": "folder of data, media and keys"})
    database_url: str = field(
        metadata={"env": "LMS_DATABASE_URL", "help": "SQLite or PostgreSQL address", "secret": True}
    )
    base_url: str = field(metadata={"env": "LMS_BASE_URL", "help": "address people use, for links and QR codes"})
    name: str = field(metadata={"env": "LMS_NAME", "help": "name of the installation"})
    smtp_url: str = field(
        metadata={"env": "LMS_SMTP_URL", "help": "smtp://user:password@host:port; empty: no mail", "secret": True}
    )
    mail_from: str = field(metadata={"env": "LMS_MAIL_FROM", "help": "sender of mail"})
    storage_url: str = field(
        metadata={"env": "LMS_STORAGE_URL", "help": "where media lie: a folder or s3://bucket/prefix"}
    )
    trusted_proxies: int = field(
        metadata={"env": "LMS_TRUSTED_PROXIES", "help": "number of proxies in front that set X-Forwarded-*"}
    )
    behind_tls: bool = field(metadata={"env": "LMS_TLS", "help": "1: cookies only over TLS, HSTS sent"})
    max_upload_mb: int = field(metadata={"env": "LMS_MAX_UPLOAD_MB", "help": "largest upload, in MB"})
    demo: bool = field(metadata={"env": "LMS_DEMO", "help": "1: the sign-in page shows the sample accounts"})
    origin: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is in use."""
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path | None:
        """The embedded database's file; None on PostgreSQL."""
        return Path(make_url(self.database_url).database or ":memory:") if self.is_sqlite else None


def load_settings(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read the settings from `environ`; `overrides` (a command's options) win over it.

    Raises ValueError with the variable's name when a value cannot be read.
    """
    env = os.environ if environ is None else environ
    instance = Path(str(overrides.get("instance") or env.get("LMS_INSTANCE") or "instance")).resolve()
    defaults: dict[str, object] = {
        "instance": instance,
        "database_url": f"sqlite:///{instance / 'lms.sqlite3'}",
        "base_url": "http://127.0.0.1:8000",
        "name": "Học tập Công đoàn",
        "smtp_url": "",
        "mail_from": "hoc-tap@localhost",
        "storage_url": str(instance / "media"),
        "trusted_proxies": 0,
        "behind_tls": False,
        "max_upload_mb": 20,
        "demo": False,
    }
    values: dict[str, object] = {}
    origin: dict[str, str] = {}
    for item in fields(Settings):
        if item.name == "origin":
            continue
        variable = item.metadata["env"]
        if overrides.get(item.name) is not None:
            values[item.name], origin[item.name] = overrides[item.name], "option"
        elif env.get(variable, "") != "":
            values[item.name], origin[item.name] = env[variable], variable
        else:
            values[item.name], origin[item.name] = defaults[item.name], "default"
        values[item.name] = _typed(variable, str(values[item.name]), defaults[item.name])
    values["instance"] = instance
    values["base_url"] = str(values["base_url"]).rstrip("/")
    values["database_url"] = _driver(str(values["database_url"]))
    return Settings(**values, origin=origin)  # type: ignore[arg-type]


def _typed(variable: str, raw: str, default: object) -> object:
    if isinstance(default, bool):
        return raw.strip().lower() in {"1", "true", "yes", "on"}
    if isinstance(default, int):
        try:
            return int(raw)
        except ValueError:
            raise ValueError(f"{variable}: {raw!r} is not a whole number") from None
    return raw


def _driver(url: str) -> str:
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url
