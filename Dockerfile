# Remora in one container: the bundled program on a base with Node 20 or later. `make image` builds it.
ARG BASE=node:24-slim
FROM ${BASE}
COPY dist/remora /usr/local/bin/remora
# The agent alone answers here; a container that runs another command than `agent` turns the check off.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://${process.env.REMORA_HTTP_ADDR ?? '127.0.0.1:4656'}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["remora"]
CMD ["agent"]
