{{/* Names and labels, and what several templates ask of the values. */}}

{{- define "longhaul.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Takes a dict of root and role; without a role those of all pods. */}}
{{- define "longhaul.selectorLabels" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .role }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "longhaul.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{ include "longhaul.selectorLabels" . }}
{{- end -}}

{{- define "longhaul.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "longhaul.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "longhaul.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}

{{/* What every container is and is not allowed. */}}
{{- define "longhaul.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What every pod is; takes the number of its user. */}}
{{- define "longhaul.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* "true" where callers are authenticated. */}}
{{- define "longhaul.authenticated" -}}
{{- if or .Values.security.oauth.issuer .Values.security.apiKeys.enabled -}}true{{- end -}}
{{- end -}}

{{/* The hosts at which it is reached from outside, as a JSON list. */}}
{{- define "longhaul.publicHosts" -}}
{{- $hosts := list -}}
{{- with .Values.publicUrl }}{{ $hosts = append $hosts (urlParse . | dig "host" "" | splitList ":" | first) }}{{ end -}}
{{- if .Values.ingress.enabled }}{{ $hosts = concat $hosts .Values.ingress.hosts }}{{ end -}}
{{- if .Values.httpRoute.enabled }}{{ $hosts = concat $hosts .Values.httpRoute.hostnames }}{{ end -}}
{{- uniq $hosts | toJson -}}
{{- end -}}

{{/* Seconds of a time such as 250ms, 90s, 10m, 2h or 7d, rounded up. */}}
{{- define "longhaul.seconds" -}}
{{- $text := toString . -}}
{{- if not (regexMatch "^[0-9]+(ms|s|m|h|d)$" $text) -}}
{{- fail (printf "config has the time-out %s, which the chart cannot read: write it as 90s, 10m or 2h, or set worker.drainSeconds" $text) -}}
{{- end -}}
{{- $number := regexFind "^[0-9]+" $text | int64 -}}
{{- $unit := regexFind "[a-z]+$" $text -}}
{{- if eq $unit "ms" -}}
{{- div (add $number 999) 1000 -}}
{{- else -}}
{{- mul $number (get (dict "s" 1 "m" 60 "h" 3600 "d" 86400) $unit) -}}
{{- end -}}
{{- end -}}

{{/* The longest time-out of an attempt that the settings allow, in seconds; takes the root. */}}
{{- define "longhaul.longestAttempt" -}}
{{- $longest := include "longhaul.seconds" (dig "longhaul" "intake" "max-timeout" "10m" .Values.config) | int64 -}}
{{- range dig "longhaul" "tools" dict .Values.config -}}
{{- with .timeout -}}{{- $longest = max $longest (include "longhaul.seconds" . | int64) -}}{{- end -}}
{{- end -}}
{{- $longest -}}
{{- end -}}

{{/* The drain of a role in seconds; takes a dict of root and role. */}}
{{- define "longhaul.drain" -}}
{{- $set := (get .root.Values .role).drainSeconds -}}
{{- if not (kindIs "invalid" $set) -}}
{{- int64 $set -}}
{{- else if .root.Values.autoscaling.worker.enabled -}}
{{- include "longhaul.longestAttempt" .root -}}
{{- else -}}
20
{{- end -}}
{{- end -}}
