"""All settings, read from the environment; without it, the services embedded in this folder are used.

| variable | meaning | default |
|---|---|---|
| ``DATABASE_URL`` | PostgreSQL 15 to 18, as the runtime role | the embedded cluster in ``var/pg`` |
| ``DATABASE_OWNER_URL`` | the same as the role that owns the tables, for ``migrate`` | the embedded owner |
| ``CELERY_BROKER_URL`` | Redis or RabbitMQ | folders in ``var/broker`` |
| ``SECRET_KEY`` | signs sessions and links | ``var/secret_key``, made by ``make run`` |
| ``BASE_URL`` | the address people reach the product at | ``http://localhost:<PORT>`` |
| ``ALLOWED_HOSTS`` | the host names the product answers to | that of ``BASE_URL``, and this machine |
| ``BEHIND_PROXY`` | a proxy ends TLS and sets ``X-Forwarded-Proto`` | off |
| ``CACHE_URL`` | a cache all web processes share, such as ``rediscache://host:6379/1`` | files in ``var/cache`` |
| ``EMAIL_URL`` | ``smtp://user:password@host:port`` and the like | mails go to the log and to ``/dev/outbox/`` |
| ``EMAIL_BACKEND``, ``ANYMAIL_...`` | a mail service, such as ``anymail.backends.postmark.EmailBackend`` | SMTP |
| ``DEFAULT_FROM_EMAIL`` | the sender of mails | ``Ladder <ladder@localhost>`` |
| ``API_REQUESTS_PER_MINUTE`` | how many requests a minute one API token may make | 1200 |
| ``SWEEP_SECONDS`` | how often work is looked for that no message told of | 5 |
| ``LOG_LEVEL`` | from which level on the log is written | WARNING |
| ``PORT`` | where ``make run`` listens | 8000 |
| ``LADDER_VAR`` | the folder of everything embedded | ``var`` |
| ``DEBUG`` | Django's debug pages | off |
"""

import logging
from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.embedded import Cluster
from config.refusals import in_one_line

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR = Path(env.str("LADDER_VAR", default=str(ROOT / "var")))
DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default=f"http://localhost:{PORT}").rstrip("/")
EMBEDDED = "DATABASE_URL" not in env.ENVIRON


def _secret_key() -> str:
    kept = VAR / "secret_key"
    if "SECRET_KEY" in env.ENVIRON:
        return str(env.str("SECRET_KEY"))
    if kept.exists():
        return kept.read_text().strip()
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text (`make run` makes and keeps one by itself).")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", urlsplit(BASE_URL).hostname])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0

INSTALLED_APPS = [
    "accounts",  # first, because its templates replace those of allauth
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "config.staticfiles.CollectedStaticFilesConfig",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "anymail",
    "csp",
    "django_structlog",
    "django_linear_migrations",
    "kpis",
    "okrs",
    "segments",
    "reports",
]
MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.not_allowed.NotAllowedMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.navigation",
            ],
            "libraries": {"frame": "config.frame_tags"},
        },
    }
]

# Database: the runtime role owns nothing; `manage.py migrate` switches to the owner by itself.
_socket = Cluster(VAR / "pg").socket
DATABASE_URL = env.str("DATABASE_URL", default=f"postgresql://ladder_app@:5432/ladder?host={_socket}")
DATABASE_OWNER_URL = env.str(
    "DATABASE_OWNER_URL", default=f"postgresql://ladder_owner@:5432/ladder?host={_socket}" if EMBEDDED else DATABASE_URL
)


def _database(url: str) -> dict[str, object]:
    return {
        **environ.Env.db_url_config(url),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


DATABASES = {"default": _database(DATABASE_URL)}
DATABASE_OWNER = _database(DATABASE_OWNER_URL)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits count here, so that all web processes share one count.
CACHES = {"default": env.cache_url("CACHE_URL", default=f"filecache://{VAR}/cache?max_entries=20000")}

# Celery: tasks are doorbells, so that a lost message only delays work; publishing never blocks for long.
_broker = VAR / "broker"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(_broker / "queue"),
        "data_folder_out": str(_broker / "queue"),
        "control_folder": str(_broker / "control"),
        "processed_folder": str(_broker / "processed"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
    if CELERY_BROKER_URL.startswith("filesystem:")
    else {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# A worker takes a message when one of its processes is free. By the usual count, of messages not yet acknowledged, a
# Redis that was silent for a moment leaves a worker for good that takes nothing more: acknowledging is tried only once.
CELERY_WORKER_DISABLE_PREFETCH = CELERY_BROKER_URL.startswith(("redis", "sentinel"))
CELERY_WORKER_PREFETCH_MULTIPLIER = 0 if CELERY_WORKER_DISABLE_PREFETCH else 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
_sweep_seconds = env.float("SWEEP_SECONDS", default=5.0)
CELERY_BEAT_SCHEDULE = {
    # A sweep that nobody took in time is worth nothing: without workers they would pile up.
    "sweep": {"task": "accounts.tasks.sweep", "schedule": _sweep_seconds, "options": {"expires": 2 * _sweep_seconds}}
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

# People
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an index on lower(email) makes it unique
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:landing"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.entrance.SignupForm",
    "login": "accounts.forms.entrance.LoginForm",
    "reset_password": "accounts.forms.entrance.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.entrance.NewPasswordForm",
    "change_password": "accounts.forms.entrance.ChangePasswordForm",
    "add_email": "accounts.forms.entrance.ChangeEmailForm",
}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_DISPLAY = "accounts.models.users.display_name"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme
ACCOUNT_SESSION_REMEMBER = True

# Mail
_mail = env.email_url("EMAIL_URL", default="consolemail://")
_usual_backend = _mail["EMAIL_BACKEND"] if "EMAIL_URL" in env.ENVIRON else "accounts.mail.OutboxBackend"
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default=_usual_backend)
ANYMAIL = {name.removeprefix("ANYMAIL_"): text for name, text in env.ENVIRON.items() if name.startswith("ANYMAIL_")}
EMAIL_HOST = _mail.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Ladder <ladder@localhost>")

# Language and time
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# The API
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=1200)
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.api.problems.respond_to",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ladder API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "KPIs and what they ladder up to. Errors are RFC 9457 problems; begin with `POST measurements/`.",
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "TAGS": [
        {"name": "measurements", "description": "Push values, many at once"},
        {"name": "kpis", "description": "What is measured: definitions, targets, single values, series, the ladder"},
        {"name": "actions", "description": "What is done about KPIs, by whom and until when"},
        {"name": "reviews", "description": "That somebody looked at a KPI, and what follows"},
        {"name": "organization", "description": "Settings, and whether scores are up to date"},
        {"name": "departments", "description": "The tree of departments"},
        {"name": "members", "description": "Who belongs to the organization"},
        {"name": "invitations", "description": "Who is asked to"},
        {"name": "tokens", "description": "API tokens"},
        {"name": "audit", "description": "Who changed what"},
        {"name": "me", "description": "Who is asking"},
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "KindEnum": "kpis.models.choices.Kind",
        "ActionKindEnum": "kpis.models.followups.ActionKind",
        "ActionStateEnum": "kpis.models.followups.ActionState",
        "StatusEnum": "kpis.models.choices.Status",
        "ObjectiveKindEnum": "okrs.models.choices.ObjectiveKind",
        "KeyResultKindEnum": "okrs.models.choices.KeyResultKind",
        "ProgressStatusEnum": "okrs.api.serializers.STATUS_CHOICES",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "accounts.api.schema.add_problems"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "list", "defaultModelsExpandDepth": -1},
}

# A person reads the log of an embedded run: a line a refused request. A server's log is for programs: all there is.
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO if EMBEDDED else logging.WARNING
_console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                *([in_one_line] if EMBEDDED else []),
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _console if DEBUG or EMBEDDED else structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
