"""`lms backup` and `lms restore`."""

from __future__ import annotations

from pathlib import Path

import click

from lms.backup import write_backup
from lms.cli_context import now, require_database, settings
from lms.keys import KEY_VARIABLE, given_key
from lms.restore import restore_backup

_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_FILE
def backup(file: Path) -> None:
    """Write database, media and keys to FILE, as of one moment, while work goes on."""
    require_database()
    manifest = write_backup(settings(), file, at=now())
    click.echo(f"{file}: {manifest.rows} dòng, {len(manifest.media)} tệp, {len(manifest.keys)} khoá.")
    if given_key():
        click.echo(f"{KEY_VARIABLE} lấy từ môi trường nên không nằm trong bản sao lưu: hãy giữ riêng.", err=True)


@click.command()
@_FILE
def restore(file: Path) -> None:
    """Restore FILE into an empty installation, on either kind of database."""
    manifest = restore_backup(settings(), file)
    click.echo(f"Đã khôi phục {manifest.rows} dòng, {len(manifest.media)} tệp, {len(manifest.keys)} khoá.")
    click.echo(f"Bản sao lưu được ghi lúc {manifest.created_at}, phiên bản {manifest.version}.")
