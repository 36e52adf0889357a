{{/* The application's settings: what is no secret as YAML, secrets as files named after their setting. */}}

{{/* Which way Redis is found: url, existingSecret, sentinel, cluster or local; empty for none, several with spaces. */}}
{{- define "longhaul.redisWay" -}}
{{- $ways := list -}}
{{- with .Values.redis -}}
{{- if .url }}{{ $ways = append $ways "url" }}{{ end -}}
{{- if .existingSecret }}{{ $ways = append $ways "existingSecret" }}{{ end -}}
{{- if .sentinel.nodes }}{{ $ways = append $ways "sentinel" }}{{ end -}}
{{- if .cluster.nodes }}{{ $ways = append $ways "cluster" }}{{ end -}}
{{- if .local.enabled }}{{ $ways = append $ways "local" }}{{ end -}}
{{- end -}}
{{- join " " $ways -}}
{{- end -}}

{{/* "true" where redis.url has a user or a password in it, and is kept in a secret therefore. */}}
{{- define "longhaul.redisUrlIsSecret" -}}
{{- if contains "@" .Values.redis.url -}}true{{- end -}}
{{- end -}}

{{/* spring.data.redis, as YAML; takes the root. */}}
{{- define "longhaul.redisSettings" -}}
{{- $way := include "longhaul.redisWay" . -}}
{{- $settings := dict -}}
{{- with .Values.redis -}}
{{- if eq $way "local" -}}
{{- $_ := set $settings "host" (printf "%s-redis" (include "longhaul.fullname" $)) -}}
{{- $_ := set $settings "port" 6379 -}}
{{- else if and (eq $way "url") (not (include "longhaul.redisUrlIsSecret" $)) -}}
{{/* In its parts, because Spring Boot takes the password of a URL from nowhere else. */}}
{{- $url := urlParse .url -}}
{{- $_ := set $settings "host" (regexReplaceAll ":[0-9]+$" $url.host "") -}}
{{- $_ := set $settings "port" (regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default "6379" | int) -}}
{{- with trimPrefix "/" $url.path }}{{ $_ := set $settings "database" (int .) }}{{ end -}}
{{- else if eq $way "sentinel" -}}
{{- $sentinel := dict "master" .sentinel.master "nodes" .sentinel.nodes -}}
{{- with .sentinel.username }}{{ $_ := set $sentinel "username" . }}{{ end -}}
{{- $_ := set $settings "sentinel" $sentinel -}}
{{- else if eq $way "cluster" -}}
{{- $_ := set $settings "cluster" (dict "nodes" .cluster.nodes) -}}
{{- end -}}
{{- with .username }}{{ $_ := set $settings "username" . }}{{ end -}}
{{- $tls := or .tls.enabled (hasPrefix "rediss:" .url) -}}
{{- if or $tls .tls.caSecret.name -}}
{{- $ssl := dict "enabled" true -}}
{{- if .tls.caSecret.name }}{{ $_ := set $ssl "bundle" "redis" }}{{ end -}}
{{- $_ := set $settings "ssl" $ssl -}}
{{- end -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* longhaul.security, as YAML; takes the root. */}}
{{- define "longhaul.securitySettings" -}}
{{- $settings := dict -}}
{{- if .Values.security.allowUnauthenticated }}{{ $_ := set $settings "allow-unauthenticated" true }}{{ end -}}
{{- if .Values.security.oauth.issuer -}}
{{- $oauth := dict -}}
{{- range $name, $value := dict
      "issuer" .Values.security.oauth.issuer
      "jwk-set-uri" .Values.security.oauth.jwkSetUri
      "audiences" .Values.security.oauth.audiences
      "scopes" .Values.security.oauth.scopes
      "admin-scopes" .Values.security.oauth.adminScopes
      "scope-hierarchy" .Values.security.oauth.scopeHierarchy
      "owner-claim" .Values.security.oauth.ownerClaim -}}
{{- if $value }}{{ $_ := set $oauth $name $value }}{{ end -}}
{{- end -}}
{{- $_ := set $settings "oauth" $oauth -}}
{{- end -}}
{{- if .Values.security.apiKeys.enabled -}}
{{- $keys := dict "enabled" true -}}
{{- range $name, $key := .Values.security.apiKeys.keys -}}
{{- $described := dict "scopes" $key.scopes -}}
{{- with $key.expires }}{{ $_ := set $described "expires" . }}{{ end -}}
{{- $_ := set $keys $name $described -}}
{{- end -}}
{{- $_ := set $settings "api-keys" $keys -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{/* The settings of a role, as YAML; takes a dict of root and role. */}}
{{- define "longhaul.settings" -}}
{{- $root := .root -}}
{{- $name := include "longhaul.fullname" $root -}}
{{- $namespace := $root.Release.Namespace -}}
{{/* Probes come to localhost, Prometheus to the pod's address. */}}
{{- $hosts := list "localhost" "${POD_IP:localhost}" -}}
{{- if eq .role "api" -}}
{{- $hosts = concat $hosts (list $name (printf "%s.%s" $name $namespace) (printf "%s.%s.svc" $name $namespace) (printf "%s.%s.svc.cluster.local" $name $namespace)) -}}
{{- $hosts = concat $hosts (include "longhaul.publicHosts" $root | fromJsonArray) $root.Values.api.allowedHosts -}}
{{- end -}}
{{- $http := dict "allowed-hosts" (uniq $hosts) -}}
{{- if eq .role "api" }}{{ $_ := set $http "allowed-origins" $root.Values.api.allowedOrigins }}{{ end -}}
{{- $worker := dict "drain" (printf "%ss" (include "longhaul.drain" .)) -}}
{{- if eq .role "worker" }}{{ $_ := set $worker "exit-when-stuck" $root.Values.worker.exitWhenStuck }}{{ end -}}
{{- $longhaul := dict
      "http" $http
      "worker" $worker
      "redis" (dict "shards" (int $root.Values.redis.shards))
      "security" (include "longhaul.securitySettings" $root | fromYaml) -}}
{{- $mcp := dict -}}
{{- with $root.Values.publicUrl }}{{ $_ := set $mcp "public-url" . }}{{ end -}}
{{- if $root.Values.requestStateKeys.existingSecret }}{{ $_ := set $mcp "request-state-keys-file" "/keys/request-state-keys" }}{{ end -}}
{{- with $mcp }}{{ $_ := set $longhaul "mcp" . }}{{ end -}}
{{- $webhook := dict -}}
{{- with $root.Values.webhooks.allowedHosts }}{{ $_ := set $webhook "allowed-hosts" . }}{{ end -}}
{{- if $root.Values.webhooks.existingSecret }}{{ $_ := set $webhook "secrets-file" "/keys/webhook-secrets" }}{{ end -}}
{{- with $webhook }}{{ $_ := set $longhaul "notifications" (dict "webhook" .) }}{{ end -}}
{{- $spring := dict -}}
{{- with include "longhaul.redisSettings" $root | fromYaml }}{{ $_ := set $spring "data" (dict "redis" .) }}{{ end -}}
{{- if $root.Values.redis.tls.caSecret.name -}}
{{- $truststore := dict "certificate" "file:/certificates/redis-ca.crt" -}}
{{- $_ := set $spring "ssl" (dict "bundle" (dict "pem" (dict "redis" (dict "truststore" $truststore)))) -}}
{{- end -}}
{{- $settings := dict "server" (dict "address" "0.0.0.0") "longhaul" $longhaul -}}
{{- with $spring }}{{ $_ := set $settings "spring" . }}{{ end -}}
{{- toYaml (mergeOverwrite $settings (deepCopy $root.Values.config)) -}}
{{- end -}}

{{/* The files in /secrets, as sources of a projected volume; takes the root. */}}
{{- define "longhaul.secretSources" -}}
{{- $way := include "longhaul.redisWay" . -}}
{{- $own := printf "%s-redis" (include "longhaul.fullname" .) -}}
{{- $files := list -}}
{{- with .Values.redis -}}
{{- if eq $way "existingSecret" -}}
{{- $files = append $files (list .existingSecret .existingSecretKey "spring.data.redis.url") -}}
{{- else if and (eq $way "url") (include "longhaul.redisUrlIsSecret" $) -}}
{{- $files = append $files (list $own "url" "spring.data.redis.url") -}}
{{- else if eq $way "local" -}}
{{- $files = append $files (list $own "password" "spring.data.redis.password") -}}
{{- end -}}
{{- with .passwordSecret }}{{ if .name }}{{ $files = append $files (list .name .key "spring.data.redis.password") }}{{ end }}{{ end -}}
{{- with .sentinel.passwordSecret }}{{ if .name }}{{ $files = append $files (list .name .key "spring.data.redis.sentinel.password") }}{{ end }}{{ end -}}
{{- end -}}
{{- with .Values.security.apiKeys -}}
{{- $secret := .existingSecret -}}
{{- range $name, $key := .keys -}}
{{- $files = append $files (list $secret (default $name $key.secretKey) (printf "longhaul.security.api-keys.%s.%s" $name (ternary "secret-sha256" "secret" (default false $key.hashed)))) -}}
{{- end -}}
{{- end -}}
{{- include "longhaul.secretFiles" $files -}}
{{- end -}}

{{/* The files in /keys, which the application reads again when they change; takes the root. */}}
{{- define "longhaul.keySources" -}}
{{- $files := list -}}
{{- with .Values.requestStateKeys }}{{ if .existingSecret }}{{ $files = append $files (list .existingSecret .key "request-state-keys") }}{{ end }}{{ end -}}
{{- with .Values.webhooks }}{{ if .existingSecret }}{{ $files = append $files (list .existingSecret .key "webhook-secrets") }}{{ end }}{{ end -}}
{{- include "longhaul.secretFiles" $files -}}
{{- end -}}

{{/* Sources of a projected volume; takes a list of secret, entry and file. */}}
{{- define "longhaul.secretFiles" -}}
{{- range . }}
- secret:
    name: {{ index . 0 }}
    items:
      - {key: {{ index . 1 | quote }}, path: {{ index . 2 | quote }}}
{{- end -}}
{{- end -}}
