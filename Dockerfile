# Longhaul as an image: one for both roles, chosen by LONGHAUL_ROLE (all | api | worker).
#
#   docker build -t longhaul .
#   docker run --rm -p 127.0.0.1:8080:8080 -e SERVER_ADDRESS=0.0.0.0 \
#     -e LONGHAUL_SECURITY_ALLOW_UNAUTHENTICATED=true longhaul
#
# Your own tools: mount their jars at /tools. Files that tools may read: mount them at /app/data.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY .mvn .mvn
COPY pom.xml ./
COPY src/main src/main
# Tests and formatting were checked where the source was committed; here only the jar is built.
RUN mvn -B -q -DskipTests -Dspotless.check.skip=true package
# The extracted layout starts faster than the nested jar.
RUN java -Djarmode=tools -jar target/longhaul-*-exec.jar extract --destination /extracted \
  && mv /extracted/longhaul-*-exec.jar /extracted/longhaul.jar

FROM eclipse-temurin:25-jre
# A fixed number, because Kubernetes' runAsNonRoot cannot look up a name.
RUN groupadd --gid 10001 longhaul \
  && useradd --uid 10001 --gid longhaul --no-create-home --home-dir /app --shell /usr/sbin/nologin longhaul \
  && mkdir -p /app/data /app/longhaul-data /tools \
  && chown longhaul:longhaul /app/longhaul-data
WORKDIR /app
COPY --from=build /extracted/lib lib
COPY --from=build /extracted/longhaul.jar longhaul.jar
COPY docker/healthcheck /usr/local/bin/healthcheck
# One start on the embedded Redis teaches the JVM which classes it will need; later starts take them from the
# cache. Same JVM, same class path: that is why it is made here and not in the build stage.
RUN java -XX:AOTCacheOutput=longhaul.aot -Dspring.context.exit=onRefresh \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "longhaul.jar:/tools/*" dev.longhaul.LonghaulApplication \
    --longhaul.embedded-redis.data-directory=/tmp/training/data > /tmp/training.log 2>&1 \
  || { cat /tmp/training.log; exit 1; } \
  && rm -rf /tmp/*
USER 10001:10001
EXPOSE 8080
VOLUME /app/longhaul-data
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 CMD ["bash", "/usr/local/bin/healthcheck"]
# The tools come last: what stands before them stays the same whatever is mounted there.
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
  "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "-XX:AOTCache=longhaul.aot", \
  "-cp", "longhaul.jar:/tools/*", "dev.longhaul.LonghaulApplication"]
