{{/* Values that contradict each other. Each message says what to set. */}}
{{- define "longhaul.checks" -}}
{{- $authenticated := include "longhaul.authenticated" . -}}
{{- with .Values.security -}}
{{- if and (not $authenticated) (not .allowUnauthenticated) -}}
{{- fail "callers are not authenticated: set security.oauth.issuer or security.apiKeys.enabled=true, or security.allowUnauthenticated=true if the network lets in only whom you trust" -}}
{{- end -}}
{{- if and $authenticated .allowUnauthenticated -}}
{{- fail "security.allowUnauthenticated=true contradicts security.oauth and security.apiKeys: set only one of them" -}}
{{- end -}}
{{- if and .exposeUnauthenticated (not .allowUnauthenticated) -}}
{{- fail "security.exposeUnauthenticated is only for security.allowUnauthenticated=true" -}}
{{- end -}}
{{- if and .oauth.issuer (not $.Values.publicUrl) (not .oauth.audiences) -}}
{{- fail "security.oauth.issuer needs to know what tokens name in aud: set publicUrl, or security.oauth.audiences" -}}
{{- end -}}
{{- if and (not .oauth.issuer) (or .oauth.jwkSetUri .oauth.audiences .oauth.scopes .oauth.adminScopes .oauth.scopeHierarchy .oauth.ownerClaim) -}}
{{- fail "security.oauth is without effect as long as security.oauth.issuer is not set" -}}
{{- end -}}
{{- if and .apiKeys.keys (not .apiKeys.enabled) -}}
{{- fail "security.apiKeys.keys is without effect as long as security.apiKeys.enabled is not true" -}}
{{- end -}}
{{- if and .apiKeys.keys (not .apiKeys.existingSecret) -}}
{{- fail "security.apiKeys.keys needs security.apiKeys.existingSecret, the secret that holds them" -}}
{{- end -}}
{{- if and .apiKeys.existingSecret (not .apiKeys.keys) -}}
{{- fail "security.apiKeys.existingSecret is without effect without security.apiKeys.keys, which says whose keys it holds" -}}
{{- end -}}
{{- if hasKey .apiKeys.keys "enabled" -}}
{{- fail "security.apiKeys.keys: no key can be called enabled, which is the name of a setting" -}}
{{- end -}}
{{- end -}}
{{- $exposed := or .Values.ingress.enabled .Values.httpRoute.enabled (ne .Values.service.type "ClusterIP") -}}
{{- if and $exposed (not $authenticated) (not .Values.security.exposeUnauthenticated) -}}
{{- fail "callers from outside the cluster would not be authenticated: set security.oauth.issuer or security.apiKeys.enabled=true, or security.exposeUnauthenticated=true" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- fail "ingress.enabled needs ingress.hosts" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "httpRoute.enabled needs httpRoute.parentRefs, the gateways" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.hostnames) (not .Values.publicUrl) (not .Values.api.allowedHosts) -}}
{{- fail "httpRoute.enabled needs httpRoute.hostnames: only hosts that are allowed are served" -}}
{{- end -}}
{{- if and .Values.webhooks.allowedHosts (not .Values.webhooks.existingSecret) -}}
{{- fail "webhooks.allowedHosts needs webhooks.existingSecret: without a key that signs them there are no webhooks" -}}
{{- end -}}
{{- include "longhaul.redisChecks" . -}}
{{- include "longhaul.metricsChecks" . -}}
{{- end -}}

{{- define "longhaul.redisChecks" -}}
{{- $way := include "longhaul.redisWay" . -}}
{{- if not $way -}}
{{- fail "the api and worker roles share one Redis: set redis.url, redis.existingSecret, redis.sentinel.nodes, redis.cluster.nodes or redis.local.enabled=true" -}}
{{- end -}}
{{- if contains " " $way -}}
{{- fail (printf "redis says in several ways where Redis is (%s): keep one of them" $way) -}}
{{- end -}}
{{- with .Values.redis -}}
{{- if and (eq $way "sentinel") (not .sentinel.master) -}}
{{- fail "redis.sentinel.nodes needs redis.sentinel.master, the name of the master" -}}
{{- end -}}
{{- if and (ne $way "sentinel") (or .sentinel.master .sentinel.username .sentinel.passwordSecret.name) -}}
{{- fail "redis.sentinel is without effect as long as redis.sentinel.nodes is empty" -}}
{{- end -}}
{{- if and .passwordSecret.name (or (eq $way "existingSecret") (include "longhaul.redisUrlIsSecret" $)) -}}
{{- fail "redis.passwordSecret is without effect where the URL of Redis comes from a secret or has a user in it: write the password into it, or set redis.url without user" -}}
{{- end -}}
{{- if and .username (or (eq $way "existingSecret") (eq $way "local") (include "longhaul.redisUrlIsSecret" $)) -}}
{{- fail "redis.username is without effect here: the user is part of the URL, and redis.local has none" -}}
{{- end -}}
{{- if and (eq $way "local") (or .passwordSecret.name .tls.enabled .tls.caSecret.name) -}}
{{- fail "redis.local has a password of its own and no TLS: take away redis.passwordSecret and redis.tls" -}}
{{- end -}}
{{- if and .tls.caSecret.name (not .tls.enabled) (not (hasPrefix "rediss:" .url)) -}}
{{- fail "redis.tls.caSecret is without effect without TLS: set redis.tls.enabled=true" -}}
{{- end -}}
{{- if and .tls.enabled (hasPrefix "redis:" .url) -}}
{{- fail "redis.tls.enabled=true contradicts redis.url: write rediss://" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "longhaul.metricsChecks" -}}
{{- $authenticated := include "longhaul.authenticated" . -}}
{{- $scaling := .Values.autoscaling -}}
{{- $asks := or .Values.metrics.serviceMonitor.enabled (and $scaling.worker.enabled (eq $scaling.worker.trigger "metrics-api")) -}}
{{- if and $authenticated $asks (not .Values.metrics.credentialsSecret.name) -}}
{{- fail "metrics are read with a credential where callers are authenticated: set metrics.credentialsSecret.name to a secret with an API key that has the scope metrics:read" -}}
{{- end -}}
{{- if and (not $scaling.prometheus.url) (or $scaling.api.enabled (and $scaling.worker.enabled (eq $scaling.worker.trigger "prometheus"))) -}}
{{- fail "autoscaling needs autoscaling.prometheus.url; workers alone can be scaled without Prometheus by autoscaling.worker.trigger=metrics-api" -}}
{{- end -}}
{{- range $role := list "api" "worker" -}}
{{- with get $scaling $role -}}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) -}}
{{- fail (printf "autoscaling.%s.minReplicas is more than maxReplicas" $role) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and $scaling.api.enabled (eq (int $scaling.api.minReplicas) 0) -}}
{{- fail "autoscaling.api.minReplicas must be at least 1: without an api pod nobody can call" -}}
{{- end -}}
{{- if and $scaling.worker.enabled (eq $scaling.worker.trigger "metrics-api") (eq (int .Values.api.replicas) 0) (not $scaling.api.enabled) -}}
{{- fail "autoscaling.worker.trigger=metrics-api asks the api: api.replicas must not be 0" -}}
{{- end -}}
{{- end -}}
