# Longhaul as an image: one for both roles, chosen by LONGHAUL_ROLE (all | api | worker).
#
#   docker build -t longhaul:local .
#   docker run --rm -p 127.0.0.1:8080:8080 -e SERVER_ADDRESS=0.0.0.0 \
#     -e LONGHAUL_SECURITY_ALLOW_UNAUTHENTICATED=true longhaul:local
#
# Your own tools: mount their jars at /tools. Files that tools may read: mount them at /app/data. It needs to write
# only to /tmp and to the volume: `--read-only --tmpfs /tmp`. docs/operations.md, "Containers", says more.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY .mvn .mvn
COPY pom.xml ./
# Downloads what a build needs, in a layer that stays until pom.xml changes: there is nothing to compile yet.
RUN mvn -B -q -Dspotless.check.skip=true test-compile
COPY src/main src/main
# Tests and formatting were checked where the source was committed; here only the jar is built.
RUN mvn -B -q -DskipTests -Dspotless.check.skip=true package
# Extracted it starts faster than the nested jar; what changes with each build is apart from what hardly ever does.
RUN java -Djarmode=tools -jar target/longhaul-*-exec.jar extract --layers --destination /extracted \
  && mv /extracted/application/longhaul-*-exec.jar /extracted/application/longhaul.jar
# Of the Redis that comes along only Linux's is of use here.
RUN mkdir /redis && cd /redis && jar xf /extracted/dependencies/lib/embedded-redis-*.jar \
  && rm -f redis-server-*-darwin-* redis-server-*-windows-* \
  && jar --create --no-manifest --date=2026-01-01T00:00:00Z --file "$(ls /extracted/dependencies/lib/embedded-redis-*.jar)" .

FROM eclipse-temurin:25-jre
# tini is process 1: it passes signals on and collects the children that tools leave behind.
RUN apt-get update -qq \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends tini \
  && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log
# A fixed number, because Kubernetes' runAsNonRoot cannot look up a name.
RUN groupadd --gid 10001 longhaul \
  && useradd --uid 10001 --gid longhaul --no-create-home --home-dir /app --shell /usr/sbin/nologin longhaul \
  && mkdir -p /app/data /app/longhaul-data /tools \
  && chown longhaul:longhaul /app/longhaul-data
WORKDIR /app
COPY docker/healthcheck docker/longhaul /usr/local/bin/
COPY docker/jvm.options ./
COPY --from=build /extracted/dependencies/ ./
COPY --from=build /extracted/snapshot-dependencies/ ./
COPY --from=build /extracted/application/ ./
# One start on the embedded Redis teaches the JVM which classes it will need; later starts take them from the
# cache. Same JVM, same class path: that is why it is made here and not in the build stage. Only G1 writes objects into it.
RUN java @jvm.options -XX:+UseG1GC -XX:AOTCacheOutput=longhaul.aot -Dspring.context.exit=onRefresh \
    -cp "longhaul.jar:/tools/*" dev.longhaul.LonghaulApplication \
    --longhaul.embedded-redis.data-directory=/tmp/training/data > /tmp/training.log 2>&1 \
  || { cat /tmp/training.log; exit 1; } \
  && rm -rf /tmp/*
USER 10001:10001
# Who reads the logs of containers is a program. Empty for plain lines.
ENV LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs
EXPOSE 8080
VOLUME /app/longhaul-data
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 CMD ["bash", "/usr/local/bin/healthcheck"]
# SIGTERM lets running jobs finish for longhaul.worker.drain. The JVM then ends with 143, which is a success.
ENTRYPOINT ["tini", "-e", "143", "--", "longhaul"]
LABEL org.opencontainers.image.title="Longhaul" \
  org.opencontainers.image.description="An MCP server that runs tool calls as durable jobs in Redis" \
  org.opencontainers.image.licenses="Apache-2.0"
# Last, because they differ with each build: --build-arg VERSION=… --build-arg REVISION=$(git rev-parse HEAD)
ARG VERSION=""
ARG REVISION=""
LABEL org.opencontainers.image.version="$VERSION" org.opencontainers.image.revision="$REVISION"
