# Any JRE 17 on glibc with bash will do; RocksDB's library does not run on musl.
ARG BASE=eclipse-temurin:17-jre
ARG BUILD=maven:3.9-eclipse-temurin-17

FROM ${BUILD} AS build
WORKDIR /build
COPY .mvn .mvn
COPY pom.xml .
# Dependencies first and in a layer of their own: they change less often than the code. Of 15 builds of RocksDB the
# two for Linux on glibc stay; the others are 60 MB.
RUN mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory=target/lib \
 && mkdir rocksdb && cd rocksdb && jar xf ../target/lib/rocksdbjni-*.jar \
 && find . \( -name '*-musl.so' -o -name '*.jnilib' -o -name '*.dll' -o -name '*linux32*' -o -name '*ppc64le*' \
      -o -name '*riscv64*' -o -name '*s390x*' \) -delete \
 && jar cfM "$(ls ../target/lib/rocksdbjni-*.jar)" . && cd .. && rm -r rocksdb
COPY src/main src/main
# The jar before shading: the image has the dependencies beside it. The tests ran before.
RUN mvn -B -q -Dmaven.test.skip=true -Dspotless.check.skip=true package \
 && mv target/original-redrive.jar target/app.jar

FROM ${BASE}
# Numbers, so that Kubernetes can see that it is not root.
RUN mkdir -p /var/lib/redrive && chown 10001:10001 /var/lib/redrive
COPY --from=build /build/target/lib /opt/redrive/lib
COPY --from=build /build/target/app.jar /opt/redrive/redrive.jar
COPY --from=build /build/src/main/docker /opt/redrive/bin
# An archive of loaded classes halves the time of a start.
RUN /opt/redrive/bin/make-archive

ENV REDRIVE_STATE_DIR=/var/lib/redrive \
    REDRIVE_HTTP_HOST=0.0.0.0 \
    REDRIVE_HTTP_PORT=8080

USER 10001:10001
WORKDIR /var/lib/redrive
VOLUME /var/lib/redrive
EXPOSE 8080
# By bash alone, since a JRE image need not have curl.
HEALTHCHECK --interval=5s --timeout=3s --start-period=120s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$REDRIVE_HTTP_PORT && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && read -r -t 2 _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["/opt/redrive/bin/redrive"]
CMD ["serve"]
