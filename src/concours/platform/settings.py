"""Django's settings, derived from the installation's Config."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from concours.platform.core import config as installation
from concours.platform.core import identity_config as identity

CONFIG = installation.load()
BASE_DIR = Path(__file__).resolve().parent

SECRET_KEY = CONFIG.secret_key
DEBUG = CONFIG.debug
REHEARSAL = CONFIG.rehearsal
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(CONFIG.trusted_origins)
PUBLIC_URL = CONFIG.public_address
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or "localhost"

INSTALLED_APPS = [
    "concours.platform.web",
    "concours.platform.accounts",
    "concours.platform.record",
    "concours.platform.rehearsal",
    "concours.platform.competitions",
    "concours.platform.evaluations",
    "concours.platform.leaderboards",
    "concours.platform.review",
    "concours.platform.appeals",
    "concours.platform.awards",
    "concours.platform.integrity",
    "concours.platform.register",
    "concours.platform.criteria",
    "concours.platform.governance",
    "concours.platform.donations",
    "concours.platform.handover",
    "concours.platform.incubation",
    "concours.platform.profiles",
    "concours.platform.notifications",
    "concours.platform.feeds",
    "concours.platform.webhooks",
    "concours.platform.api",
    "concours.platform.web.apps.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "concours.platform.operating.proxies.ProxyMiddleware",
    "concours.platform.operating.watching.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "concours.platform.web.interfaces.null_characters.NullCharacterMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "concours.platform.rehearsal.interfaces.middleware.ClockMiddleware",
    "concours.platform.notifications.interfaces.middleware.ReaderMiddleware",
    "concours.platform.web.interfaces.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "concours.platform.urls"
WSGI_APPLICATION = "concours.platform.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "concours.platform.web.interfaces.context.site",
            ],
        },
    }
]

DATABASES = {"default": installation.database_settings(CONFIG)}
# On disk, so that all processes count one caller's attempts together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": CONFIG.data_dir / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Parts of pages, kept by each process under all that they show.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "concours.platform.accounts.interfaces.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "concours.platform.accounts.interfaces.adapter.SignUpForm"}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Concours] "
# Whoever sits down at somebody's open browser does not get to stay: addresses, identities, keys and
# merging ask for the password or a factor once more.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Beside allauth's own for mails, sign-ups and factors. A key is a person, or else an address.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "search": "60/m/key",
    "api": "600/m/key",
}

# Who else may vouch for people. The clients' secrets stay in their files until they are used.
OIDC_PROVIDERS = identity.oidc_providers(CONFIG)
SOCIALACCOUNT_ADAPTER = "concours.platform.accounts.interfaces.oidc.people.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "concours.platform.accounts.interfaces.oidc.people.SignUpForm"}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "concours.platform.accounts.interfaces.oidc.provider.Provider",
        "OAUTH_PKCE_ENABLED": True,
    }
}
SOCIALACCOUNT_AUTO_SIGNUP = False
# An address that a provider names never opens the account of whoever has it here.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

SECOND_FACTOR_FOR = identity.second_factor_for(CONFIG)
MFA_ADAPTER = "concours.platform.accounts.interfaces.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"login_webauthn": "concours.platform.accounts.interfaces.factors.PasskeySignInForm"}
MFA_TOTP_ISSUER = "Concours"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Browsers themselves allow passkeys over http on localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONFIG.https

FORMAT_MODULE_PATH = ["concours.platform.core.formats"]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = CONFIG.data_dir / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = CONFIG.media_dir
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o640},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = ["concours.platform.competitions.interfaces.uploads.BoundedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# Evaluators, what their runs leave, and the secrets of sealed splits.
EVALUATIONS_DIR = CONFIG.data_dir / "evaluations"
MAX_UPLOAD_BYTES = CONFIG.max_upload_bytes
GIT_ALLOWED_HOSTS = CONFIG.git_allowed_hosts
WEBHOOK_ALLOWED_HOSTS = CONFIG.webhook_allowed_hosts

EMAIL_BACKEND = CONFIG.mail.get("backend", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = CONFIG.mail.get("host", "localhost")
EMAIL_PORT = CONFIG.mail.get("port", 25)
EMAIL_USE_TLS = CONFIG.mail.get("starttls", False)
# A mail server that hangs holds a worker no longer than this.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = CONFIG.mail.get("sender", "concours@localhost")

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "mail", "webhooks"],
    }
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.https
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = installation.log_settings(CONFIG)
