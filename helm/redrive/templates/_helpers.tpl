{{- define "redrive.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough for the names of pods, which get a number, and of the services beside it. */}}
{{- define "redrive.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "redrive.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "redrive.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "redrive.selector" -}}
app.kubernetes.io/name: {{ include "redrive.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "redrive.labels" -}}
{{ include "redrive.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "redrive.meta" -}}
name: {{ include "redrive.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "redrive.labels" . | nindent 2 }}
{{- end -}}

{{- define "redrive.image" -}}
{{- $image := .Values.image -}}
{{- $repository := required "image.repository is needed: no image is published, so build the Dockerfile and name what you pushed" $image.repository -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "redrive.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "redrive.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "redrive.keysSecret" -}}
{{- if .Values.auth.existingSecret -}}
{{- .Values.auth.existingSecret -}}
{{- else if .Values.auth.keys -}}
{{- printf "%s-keys" (include "redrive.fullname" .) -}}
{{- end -}}
{{- end -}}

{{- define "redrive.kafkaSecret" -}}
{{- if .Values.kafka.existingSecret -}}
{{- .Values.kafka.existingSecret -}}
{{- else if .Values.kafka.credentials -}}
{{- printf "%s-kafka" (include "redrive.fullname" .) -}}
{{- end -}}
{{- end -}}

{{- define "redrive.peersSecret" -}}
{{- default (printf "%s-peers" (include "redrive.fullname" .)) .Values.peers.existingSecret -}}
{{- end -}}

{{- define "redrive.advertises" -}}
{{- if or (eq .Values.peers.advertise "on") (and (eq .Values.peers.advertise "auto") (or .Values.autoscaling.enabled (gt (int .Values.replicas) 1))) -}}
true
{{- end -}}
{{- end -}}

{{- define "redrive.scheme" -}}
{{- ternary "https" "http" (not (empty .Values.tls.secret)) -}}
{{- end -}}

{{/* The settings file. What auth says of tokens and limits is no secret, so it is in there too. */}}
{{- define "redrive.settings" -}}
{{- $auth := pick .Values.auth "jwt" "rate-limit" -}}
{{- range $name, $value := $auth -}}
{{- if not $value -}}{{- $auth = omit $auth $name -}}{{- end -}}
{{- end -}}
{{- $given := ternary (dict "auth" $auth) dict (not (empty $auth)) -}}
{{- toYaml (merge $given .Values.settings) -}}
{{- end -}}

{{/* The names of settings, each as kafka.client.id and on a line of its own, however they are nested. */}}
{{- define "redrive.names" -}}
{{- range $name, $value := .of -}}
{{- $full := ternary $name (printf "%s.%s" $.in $name) (empty $.in) -}}
{{- if and $value (kindIs "map" $value) -}}
{{- include "redrive.names" (dict "in" $full "of" $value) -}}
{{- else -}}
{{- printf "%s\n" $full -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What the schema cannot say: values that are each right and do not fit each other. */}}
{{- define "redrive.check" -}}
{{- $values := .Values -}}
{{- if not $values.kafka.bootstrapServers -}}
{{- fail "kafka.bootstrapServers is needed, for example broker-1:9092,broker-2:9092" -}}
{{- end -}}
{{- if not (or $values.auth.keys $values.auth.existingSecret $values.auth.jwt.jwks) -}}
{{- fail "auth.keys, auth.existingSecret or auth.jwt.jwks is needed: without a key everybody in the cluster could read and replay letters; redrive hash-key makes the hash" -}}
{{- end -}}
{{- if and $values.auth.jwt (not (and $values.auth.jwt.jwks $values.auth.jwt.issuer $values.auth.jwt.audience)) -}}
{{- fail "auth.jwt needs jwks, issuer and audience: a token counts only where all three are known" -}}
{{- end -}}
{{- if and $values.auth.keys $values.auth.existingSecret -}}
{{- fail "auth.keys and auth.existingSecret are both set; keep one of them" -}}
{{- end -}}
{{- if and (include "redrive.advertises" .) (not $values.peers.secret) (not $values.peers.existingSecret) -}}
{{- fail "peers.secret or peers.existingSecret is needed with more than one replica, or with autoscaling: the pods ask each other for letters, and know each other by it; openssl rand -hex 24 makes one" -}}
{{- end -}}
{{- if and $values.peers.secret $values.peers.existingSecret -}}
{{- fail "peers.secret and peers.existingSecret are both set; keep one of them" -}}
{{- end -}}
{{- if and $values.kafka.credentials $values.kafka.existingSecret -}}
{{- fail "kafka.credentials and kafka.existingSecret are both set; keep one of them" -}}
{{- end -}}
{{- if and (hasPrefix "SASL" $values.kafka.securityProtocol) (not $values.kafka.saslMechanism) -}}
{{- fail (printf "kafka.saslMechanism is needed with kafka.securityProtocol %s, for example SCRAM-SHA-512" $values.kafka.securityProtocol) -}}
{{- end -}}
{{- if and $values.kafka.tls.secret (not (hasSuffix "SSL" $values.kafka.securityProtocol)) -}}
{{- fail (printf "kafka.tls.secret is set but kafka.securityProtocol is %s; make it SSL or SASL_SSL" $values.kafka.securityProtocol) -}}
{{- end -}}
{{- range $name := splitList "\n" (include "redrive.names" (dict "in" "" "of" $values.settings)) -}}
{{- if regexMatch "(?i)^kafka\\..*(password|jaas|\\.key$)" $name -}}
{{- fail (printf "settings.%s would lie in a ConfigMap; put it into kafka.credentials or kafka.existingSecret" $name) -}}
{{- else if eq $name "peers.secret" -}}
{{- fail "settings.peers.secret would lie in a ConfigMap; put it into peers.secret or peers.existingSecret" -}}
{{- else if eq $name "registry.password" -}}
{{- fail "settings.registry.password would lie in a ConfigMap; give it as the variable REDRIVE_REGISTRY_PASSWORD from a Secret of yours, by extraEnv" -}}
{{- else if hasPrefix "http.tls" $name -}}
{{- fail (printf "settings.%s would not reach the probes, which have to know the scheme; set tls.secret" $name) -}}
{{- else if regexMatch "^auth(\\.|$)" $name -}}
{{- fail (printf "settings.%s has its place in auth: keys, which are kept in a Secret, jwt and rate-limit" $name) -}}
{{- else if regexMatch "^(http\\.(host|port)|state-dir)$" $name -}}
{{- fail (printf "settings.%s is the chart's: Service, probes and volume go by it" $name) -}}
{{- end -}}
{{- end -}}
{{- $http := default dict (get $values.settings "http") -}}
{{- $open := get $values.settings "http.open" | toString -}}
{{- $nested := "" -}}
{{- if kindIs "map" $http -}}{{- $nested = get $http "open" | toString -}}{{- end -}}
{{- if or (eq $open "false") (eq $nested "false") -}}
{{- fail "settings.http.open is false, but Kubernetes' probes have no key; keep /metrics and /health in the cluster with networkPolicy instead" -}}
{{- end -}}
{{- if and $values.ingress.enabled (not $values.ingress.host) -}}
{{- fail "ingress.host is needed where ingress.enabled is true" -}}
{{- end -}}
{{- range $path := concat $values.ingress.paths $values.gateway.paths -}}
{{- if or (eq $path "/") (hasPrefix "/internal" $path) -}}
{{- fail (printf "ingress.paths and gateway.paths may not have %s: it lets in /internal, where pods ask each other for whole letters" $path) -}}
{{- end -}}
{{- end -}}
{{- if and $values.gateway.enabled (not $values.gateway.parentRefs) -}}
{{- fail "gateway.parentRefs is needed where gateway.enabled is true: the gateways to attach to" -}}
{{- end -}}
{{- if gt (int $values.drainSeconds) (sub (int $values.terminationGracePeriodSeconds) 15) -}}
{{- fail "terminationGracePeriodSeconds must be at least 15 more than drainSeconds: closing takes up to ten seconds" -}}
{{- end -}}
{{- end -}}
