"""The WSGI application: `flask --app wsgi`, granian, gunicorn."""

from lms.app import create_app

app = create_app()
