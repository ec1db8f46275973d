// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.chart;

/** Values that people may install the chart with. */
final class ValueSets {
  static final String HASH = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  static final String ONE =
      """
      image: {repository: registry.example/redrive}
      kafka: {bootstrapServers: 'broker-1:9092,broker-2:9092'}
      auth:
        keys:
          - {name: on-call, sha256: %s, role: operator, pipelines: ['orders', 'a,b']}
      settings:
        topics: {errors: [redrive-errors, more-errors], replication-factor: 3}
        http.max-body: 2MiB
      """
          .formatted(HASH);

  static final String THREE = ONE + "replicas: 3\npeers: {secret: known to all three}\n";

  static final String HTTPS =
      THREE + "tls: {secret: http-certificate}\nserviceMonitor: {enabled: true}\n";

  static final String TLS =
      """
      image: {repository: registry.example/redrive, digest: 'sha256:%s'}
      kafka:
        bootstrapServers: broker:9093
        securityProtocol: SASL_SSL
        saslMechanism: SCRAM-SHA-512
        credentials:
          sasl.jaas.config: 'org.example.Login required username="redrive" password="s3cret";'
          ssl.keystore.password: changeit
        tls:
          secret: kafka-certificates
          keystore: {file: user.p12, type: PKCS12}
      auth: {keys: [{name: on-call, sha256: %s}]}
      ingress: {enabled: true, host: redrive.example, tlsSecret: redrive-tls, className: nginx}
      """
          .formatted("0".repeat(64), HASH);

  static final String EXISTING =
      """
      image: {repository: registry.example/redrive, tag: '1.2'}
      kafka:
        bootstrapServers: broker:9092
        securityProtocol: SASL_PLAINTEXT
        saslMechanism: PLAIN
        existingSecret: my-kafka
      auth: {existingSecret: my-keys}
      """;

  static final String TOKENS =
      """
      image: {repository: registry.example/redrive}
      kafka: {bootstrapServers: 'broker:9092'}
      auth:
        rate-limit: 1000000
        jwt:
          jwks: https://id.example/certs
          issuer: https://id.example/realms/acme
          audience: redrive
          role-claim: realm_access.roles
          roles: {dlq-operators: operator}
          pipelines-claim: pipelines
          cache: 5m
      settings:
        callbacks: {allowed-hosts: [hooks.example]}
        diagnostics: {heap-dumps: true, max-size: 1GiB, max-total: 2GiB}
      """;

  static final String EVERYTHING =
      """
      image: {repository: registry.example/redrive}
      imagePullSecrets: [{name: registry}]
      replicas: 2
      peers: {secret: known to both pods}
      kafka: {bootstrapServers: 'broker:9092'}
      auth: {keys: [{name: on-call, sha256: %s, role: admin}]}
      javaOpts: -Xlog:gc
      extraEnv: [{name: TZ, value: UTC}]
      extraVolumes: [{name: more, emptyDir: {}}]
      extraVolumeMounts: [{name: more, mountPath: /more}]
      persistence: {storageClass: fast, size: 50Gi, whenScaled: Delete}
      podAnnotations: {team: platform}
      podLabels: {tier: ops}
      nodeSelector: {disk: ssd}
      tolerations: [{key: kafka, operator: Exists}]
      affinity: {podAntiAffinity: {}}
      priorityClassName: high
      serviceAccount: {annotations: {role: none}}
      service: {type: NodePort, annotations: {a: b}}
      autoscaling: {enabled: true}
      gateway: {enabled: true, parentRefs: [{name: public}], hostnames: [redrive.example]}
      networkPolicy:
        enabled: true
        from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
        egress: [{to: [{podSelector: {matchLabels: {app: kafka}}}], ports: [{port: 9092}]}]
      serviceMonitor: {enabled: true, labels: {release: prometheus}}
      prometheusRule: {enabled: true}
      dashboard: {enabled: true}
      """
          .formatted(HASH);

  private ValueSets() {}
}
