# PostgreSQL of Debian for compose.yaml: one database, one user, a volume. Any other PostgreSQL 15 does as well:
# DATABASE_URL of the nodes names it.
ARG BASE=debian:bookworm-slim

FROM ${BASE}
LABEL org.opencontainers.image.title="Fairward database" \
      org.opencontainers.image.licenses="Apache-2.0"
# A number of its own, so that the volume keeps its owner when the image is built anew.
RUN useradd --system --uid 10002 --user-group --home-dir /var/lib/postgresql --shell /bin/sh postgres \
    && apt-get update && apt-get install -y --no-install-recommends postgresql-15 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/* /var/lib/postgresql/15 \
    && install -d -o postgres -g postgres -m 0700 /var/lib/postgresql/data \
    && install -d -o postgres -g postgres -m 0775 /run/postgresql
COPY deploy/container/database.sh /usr/local/bin/database
RUN chmod 0755 /usr/local/bin/database
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data/15
USER 10002:10002
VOLUME /var/lib/postgresql/data
EXPOSE 5432
# A fast shutdown: clients are told, nothing is lost.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=5 \
  CMD ["pg_isready", "-q", "-h", "127.0.0.1", "-U", "fairward"]
CMD ["database"]
