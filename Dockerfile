# One image for web, worker, beat and the sandbox; docker-compose.yml says which command each runs.
FROM python:3.11.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/srv/static

RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin portal \
 && mkdir -p /data /srv/static \
 && chown portal /data /srv/static

# What statements.pdf is drawn with. As .ci/system-packages has it for a machine without containers.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
    fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
# Before the code, so that a change of code does not install everything again.
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

COPY manage.py pyproject.toml LICENSE ./
COPY intacct intacct
COPY collections_app collections_app
COPY portal portal
COPY templates templates
COPY static static
RUN python -m compileall -q intacct collections_app portal

USER portal
# Gathering the static files opens no database and reads no secret; these stand-ins end with the step.
RUN SECRET_KEY=only-for-this-step-of-making-the-image VAULT_KEYS=only-for-this-step python manage.py collectstatic --noinput --verbosity 0

VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:portal.webserver", "--bind", "0.0.0.0:8000", "portal.wsgi"]
