# The image of every process of greffe: ingest, serve, migrate and the commands.
# Built in one stage, run from another that has no package installer, as a user that is not root, on a read-only root:
#   docker build -t greffe . && docker run --rm --read-only greffe due 2026-03-31 "5 clear days"
# The base is pinned by version. To pin it by digest, give PYTHON_IMAGE=python@sha256:…
ARG PYTHON_IMAGE=python:3.11.14-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ONLY_BINARY=:all:
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
# Everything from the lock file, each archive checked against its hash; setuptools, which builds the project, included.
RUN python -m venv /opt/greffe \
 && /opt/greffe/bin/python -m pip install --require-hashes --no-deps -r requirements/run.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY domain domain
COPY projections projections
COPY adapters adapters
COPY api api
RUN /opt/greffe/bin/python -m pip install --no-deps --no-build-isolation . \
 && /opt/greffe/bin/python -m pip uninstall --yes setuptools pip

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="greffe" \
      org.opencontainers.image.description="Compliance ledger for cloud service agreements" \
      org.opencontainers.image.licenses="Apache-2.0"
# No installer is left to whoever gets in. The ledger of one file, if that is what is run, lives in a volume.
RUN python -m pip uninstall --yes setuptools wheel pip \
 && install -d -o 10001 -g 10001 /var/lib/greffe
COPY --from=build /opt/greffe /opt/greffe
ENV PATH=/opt/greffe/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    GREFFE_SERVER__HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/greffe
VOLUME ["/var/lib/greffe"]
EXPOSE 8000
# What the API says of itself; a process that is not the API overrides it (see docker-compose.yml).
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["greffe"]
CMD ["--help"]
