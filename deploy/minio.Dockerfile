# MinIO from its pinned source. MINIO_VERSION of packages/setup names the same; a test compares.
ARG GO_IMAGE=golang:1.26-bookworm
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${GO_IMAGE} AS build
ARG MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
# Without cgo the program is static and runs on any base.
ENV CGO_ENABLED=0 GOBIN=/out
RUN go install -trimpath github.com/minio/minio@${MINIO_VERSION}

FROM ${BASE_IMAGE}
COPY --from=build /out/minio /usr/local/bin/minio
COPY deploy/minio-is-healthy /usr/local/bin/is-healthy
# A folder below the objects is a bucket to MinIO.
RUN useradd --system --uid 10001 minio \
 && install -d -o minio -g minio /objects /objects/packline
USER minio
VOLUME /objects
EXPOSE 9000
# Nothing is asked of or told to anybody outside, and there is no web console.
ENV MINIO_REGION=us-east-1 MINIO_UPDATE=off MINIO_CALLHOME_ENABLE=off MINIO_BROWSER=off
CMD ["minio", "server", "--address", ":9000", "/objects"]
