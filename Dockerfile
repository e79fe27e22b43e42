# Remora in one container: the bundled program on a base with Node 20 or later. `make image` builds it.
ARG BASE=node:24-slim
FROM ${BASE}
COPY dist/remora /usr/local/bin/remora
# The agent alone answers here; a container that runs another command than `agent` turns the check off.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["remora", "healthcheck"]
ENTRYPOINT ["remora"]
CMD ["agent"]
