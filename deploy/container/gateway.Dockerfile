# The gateway: Debian's nginx with deploy/nginx. Runs as nobody in particular, writes below /tmp only.
ARG BASE=debian:bookworm-slim

FROM ${BASE}
LABEL org.opencontainers.image.title="Fairward gateway" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN apt-get update && apt-get install -y --no-install-recommends nginx-light \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/* /etc/nginx/sites-enabled
COPY deploy/nginx /etc/nginx
# The nodes of compose.yaml; elsewhere mount another list over this file.
COPY deploy/container/nodes.conf /etc/nginx/fairward/nodes.conf
USER www-data
EXPOSE 80
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=5s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/80 && printf 'GET /health HTTP/1.1\\r\\nHost: gateway\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
CMD ["nginx", "-g", "daemon off;"]
