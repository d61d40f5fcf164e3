ARG NODE_IMAGE=node:24-bookworm-slim
ARG GO_IMAGE=golang:1.26-bookworm

FROM ${GO_IMAGE} AS go

FROM ${NODE_IMAGE}
# A tool chain for each runtime, git and ssh for sources, and the sandbox. docker-compose.yml says what
# the container must be allowed for the last one.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
    bubblewrap ca-certificates gcc git libc6-dev make maven openjdk-17-jdk-headless openssh-client python3 \
    python3-pip python3-venv util-linux \
 && rm -rf /var/lib/apt/lists/*
# Compiles the C of Go plugins for the platform's glibc, and for both architectures.
RUN python3 -m pip install --no-cache-dir --break-system-packages ziglang==0.17.1
COPY --from=go /usr/local/go /usr/local/go
ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /packline
COPY . .
# Linked, not copied: see api.Dockerfile.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund && npm cache clean --force
RUN install -d -m 755 /var/lib/packline /var/lib/packline/scratch /var/lib/packline/cache
ENV NODE_ENV=production
# Root, so that each build slot gets a user id of its own; builds themselves never run as root.
CMD ["node", "services/worker/src/main.ts"]
