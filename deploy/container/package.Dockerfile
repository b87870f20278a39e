# Fairward from a package that `make deb` built outside, on Debian 12. From the root of the repository:
#
#   make deb && docker build -f deploy/container/package.Dockerfile -t fairward build/release
#
# The same as the last stage of Dockerfile; a test compares the two.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS runtime
LABEL org.opencontainers.image.title="Fairward" \
      org.opencontainers.image.description="Hospitals and fair appointment booking in one program" \
      org.opencontainers.image.licenses="Apache-2.0"
# A number of its own, so that Kubernetes can see that it is not root's.
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/fairward --shell /usr/sbin/nologin fairward
COPY fairward_*.deb /tmp/fairward.deb
RUN apt-get update && apt-get install -y --no-install-recommends /tmp/fairward.deb \
    && rm -rf /tmp/fairward.deb /var/lib/apt/lists/* /var/cache/apt /var/log/*
ENV FAIRWARD_HTTP_ADDRESS=0.0.0.0 FAIRWARD_DATA_FOLDER=/var/lib/fairward
USER 10001:10001
WORKDIR /var/lib/fairward
# Nothing else is written to: run it with --read-only and a volume, or a tmpfs where the database is PostgreSQL.
VOLUME /var/lib/fairward
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["fairward", "health"]
ENTRYPOINT ["fairward"]
CMD ["serve"]
