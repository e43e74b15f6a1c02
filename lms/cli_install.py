"""`lms init` sets an installation up or brings it up to date; `lms config` tells its settings."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields

import click
from sqlalchemy import make_url

from lms import migrate
from lms.cli_context import settings
from lms.keys import KEY_VARIABLE, given_key, secret_key
from lms.settings import Settings


@dataclass(frozen=True)
class Variable:
    """One variable of the environment: what holds, where from, what it is for."""

    name: str
    value: str
    origin: str
    help: str


def prepare(chosen: Settings) -> tuple[str | None, str | None]:
    """Make the folders, the keys and the database, or migrate it; returns the revisions before and after."""
    chosen.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    if chosen.sqlite_path:
        chosen.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    secret_key(chosen.instance)
    return migrate.upgrade(chosen.database_url)


def _masked(name: str, value: object) -> str:
    """A secret as it may be shown: addresses without their password, everything else as stars."""
    text = str(value)
    if not text or name == KEY_VARIABLE:
        return "***" if text else ""
    try:
        return make_url(text).render_as_string(hide_password=True)
    except Exception:
        return "***"


def variables(chosen: Settings) -> list[Variable]:
    """Every variable that the product reads, as it holds in this run; secrets masked."""
    listed = []
    for item in fields(Settings):
        if "env" not in item.metadata:
            continue
        value = getattr(chosen, item.name)
        shown = _masked(item.metadata["env"], value) if item.metadata.get("secret") else str(value)
        if isinstance(value, bool):
            shown = "1" if value else "0"
        origin = "environment" if chosen.origin[item.name].startswith("LMS_") else chosen.origin[item.name]
        listed.append(Variable(item.metadata["env"], shown, origin, item.metadata["help"]))
    key = given_key()
    listed.append(
        Variable(
            KEY_VARIABLE,
            _masked(KEY_VARIABLE, key or "own"),
            "environment" if key else f"{chosen.instance / 'keys' / 'secret_key'}",
            "signs sessions; without it the installation makes and keeps its own",
        )
    )
    return sorted(listed, key=lambda variable: variable.name)


@click.command()
def init() -> None:
    """Create or migrate the database, folders and keys. Asks nothing; may be run again."""
    chosen = settings()
    before, after = prepare(chosen)
    if before is None:
        click.echo(f"Đã tạo cơ sở dữ liệu, phiên bản {after}.")
        click.echo("Tiếp theo: `lms admin create --name … --email …`, rồi `lms serve` và `lms worker`.")
    elif before == after:
        click.echo(f"Không có gì phải làm: cơ sở dữ liệu đã ở phiên bản {after}.")
    else:
        click.echo(f"Đã nâng cơ sở dữ liệu từ phiên bản {before} lên {after}.")


@click.command()
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", help="How to print.")
def config(kind: str) -> None:
    """List every LMS_* variable with its value (secrets masked) and where the value comes from."""
    listed = variables(settings())
    unknown = sorted(
        name for name in os.environ if name.startswith("LMS_") and name not in {variable.name for variable in listed}
    )
    if kind == "json":
        click.echo(json.dumps([vars(variable) for variable in listed], ensure_ascii=False, indent=2))
    else:
        for variable in listed:
            click.echo(f"{variable.name}={variable.value}")
            click.echo(f"    {variable.origin}; {variable.help}")
    for name in unknown:
        click.echo(f"{name} được đặt nhưng không có tác dụng gì ở đây", err=True)
