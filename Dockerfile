# One image for every process of StudyRAG: docker run … prepare | web | worker | writer

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /srv/venv \
    && /srv/venv/bin/pip install --no-cache-dir --no-deps --require-hashes --disable-pip-version-check -r requirements.txt \
    && /srv/venv/bin/pip uninstall -y -q pip setuptools \
    && find /srv/venv -type d -name tests -path '*/site-packages/*' -prune -exec rm -rf {} +

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin studyrag \
    && install -d -o studyrag -g studyrag /data
COPY --from=packages /srv/venv /srv/venv
WORKDIR /srv/studyrag
COPY pipeline_config.yaml chainlit.md chainlit_app.py ./
COPY .chainlit .chainlit
COPY agent agent
COPY tools tools
COPY ingestion ingestion
COPY app app
COPY public public
COPY sample sample
# Compiled now, and with the folder that Chainlit would make: later this root may be read-only.
RUN /srv/venv/bin/python -m compileall -q agent tools ingestion app chainlit_app.py && mkdir .files
ENV PATH=/srv/venv/bin:$PATH \
    STUDYRAG_DATA_DIR=/data \
    STUDYRAG_LOG_FORMAT=json \
    HOME=/data \
    MALLOC_ARENA_MAX=2 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
VOLUME /data
EXPOSE 8000 9464
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "app"]
CMD ["web"]
