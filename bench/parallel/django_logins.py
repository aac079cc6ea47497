"""Logins at once at a Django site with django-axes or django-defender, each with its defaults but for the limit.

Arguments: axes or defender, the URL of a Redis server, runs, logins at once, limit, milliseconds that verifying takes.
Prints one JSON object: what was measured, wrong passwords verified and right ones that succeeded in each run.
"""
import json
import logging
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib.metadata import version
from ipaddress import ip_address
from itertools import count
from threading import Barrier, Lock

import django
from django.conf import settings

LOCKOUT, REDIS_URL = sys.argv[1:3]
RUNS, AT_ONCE, LIMIT, VERIFY_MS = map(int, sys.argv[3:])
RIGHT_PASSWORD = "right"
COOLOFF = timedelta(days=1)

if os.environ.get("PGDATABASE"):
    # The driver reads PGHOST, PGUSER and the like.
    DATABASE = {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"]}
else:
    OPTIONS = {"timeout": 60, "transaction_mode": "IMMEDIATE"}
    FILE = os.path.join(tempfile.mkdtemp(), "db.sqlite3")
    DATABASE = {"ENGINE": "django.db.backends.sqlite3", "TEST": {"NAME": FILE}, "OPTIONS": OPTIONS}

LOCKOUTS = {
    "axes": {
        "system": f"django-axes {version('django-axes')}",
        "middleware": "axes.middleware.AxesMiddleware",
        "backends": ["axes.backends.AxesStandaloneBackend"],
    },
    "defender": {
        "system": f"django-defender {version('django-defender')}",
        "middleware": "defender.middleware.FailedLoginMiddleware",
        "backends": [],
    },
}
CHOSEN = LOCKOUTS[LOCKOUT]

settings.configure(
    SECRET_KEY="of a benchmark",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": DATABASE},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", LOCKOUT],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        CHOSEN["middleware"],
    ],
    AUTHENTICATION_BACKENDS=[*CHOSEN["backends"], f"{__name__}.CountingBackend"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"registration/login.html": "again"})]},
        }
    ],
    LOGIN_REDIRECT_URL="/welcome",
    AXES_FAILURE_LIMIT=LIMIT,
    AXES_COOLOFF_TIME=COOLOFF,
    AXES_VERBOSE=False,
    DEFENDER_LOGIN_FAILURE_LIMIT=LIMIT,
    DEFENDER_COOLOFF_TIME=int(COOLOFF.total_seconds()),
    DEFENDER_REDIS_URL=REDIS_URL,
    LOGGING_CONFIG=None,
)
logging.disable()
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.views import LoginView  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402

urlpatterns = [path("login", LoginView.as_view())]
verified = 0
counting = Lock()


class CountingBackend:
    """Verifies a password as slowly as a hash, and counts."""

    def authenticate(self, request, username=None, password=None, **_):
        global verified
        with counting:
            verified += 1
        time.sleep(VERIFY_MS / 1000)
        return User.objects.filter(username=username).first() if password == RIGHT_PASSWORD else None

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id).first()


addresses = count(1)


def send(username, password):
    """Returns the statuses of logins that begin together, from one address that was never used before."""
    User.objects.create(username=username)
    address = str(ip_address("198.18.0.0") + next(addresses))
    together = Barrier(AT_ONCE)

    def login(_):
        client = Client(REMOTE_ADDR=address)
        # As a server keeps its connections open, so that connecting does not spread the logins.
        connection.ensure_connection()
        together.wait()
        try:
            return client.post("/login", {"username": username, "password": password}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(login, range(AT_ONCE)))


# A database of its own beside the one that is named, dropped at the end.
name = connection.settings_dict["NAME"]
connection.creation.create_test_db(verbosity=0, autoclobber=True)
of_wrong, of_right = [], []
for run in range(RUNS):
    before = verified
    send(f"guessed-{os.getpid()}-{run}", "wrong")
    of_wrong.append(verified - before)
    of_right.append(send(f"busy-{os.getpid()}-{run}", RIGHT_PASSWORD).count(302))
connection.creation.destroy_test_db(name, verbosity=0)

where = {"axes": "PostgreSQL" if os.environ.get("PGDATABASE") else "SQLite", "defender": "Redis"}[LOCKOUT]
print(json.dumps({"system": f"{CHOSEN['system']}, {where}", "verified": of_wrong, "succeeded": of_right}))
