{{/* One pod of a role; takes a dict of root, role and values (of the role). */}}
{{- define "longhaul.pod" -}}
{{- $root := .root -}}
{{- $labels := include "longhaul.labels" (dict "root" $root "role" .role) | fromYaml -}}
{{- /* A changed setting restarts the pods. */ -}}
{{- $annotations := dict "checksum/config" (include "longhaul.settings" . | sha256sum) -}}
{{- if not (or $root.Values.metrics.serviceMonitor.enabled (include "longhaul.authenticated" $root)) -}}
{{- $scraped := dict "prometheus.io/scrape" "true" "prometheus.io/port" "8080" "prometheus.io/path" "/actuator/prometheus" -}}
{{- $annotations = merge $annotations $scraped -}}
{{- end -}}
metadata:
  labels:
    {{- toYaml (merge $labels $root.Values.podLabels) | nindent 4 }}
  annotations:
    {{- toYaml (mergeOverwrite $annotations $root.Values.podAnnotations) | nindent 4 }}
spec:
  serviceAccountName: {{ include "longhaul.serviceAccount" $root }}
  automountServiceAccountToken: false
  # No variables for every service of the namespace: those of one called longhaul look like settings.
  enableServiceLinks: false
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  # Longer than the drain, so that a job or call that still finishes is not cut off.
  terminationGracePeriodSeconds: {{ add (include "longhaul.drain" .) 15 }}
  securityContext:
    {{- include "longhaul.podSecurity" 10001 | nindent 4 }}
  containers:
    - name: {{ .role }}
      image: {{ include "longhaul.image" $root | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      securityContext:
        {{- include "longhaul.containerSecurity" . | nindent 8 }}
      env:
        - name: LONGHAUL_ROLE
          value: {{ .role }}
        # Prometheus scrapes a pod by its address, so that is an allowed host.
        - name: POD_IP
          valueFrom:
            fieldRef:
              fieldPath: status.podIP
        - name: SPRING_CONFIG_ADDITIONAL_LOCATION
          value: /config/
        {{- if include "longhaul.secretSources" $root }}
        # Each file is named after its setting; unlike in the environment, no child process sees it.
        - name: SPRING_CONFIG_IMPORT
          value: "configtree:/secrets/"
        {{- end }}
        - name: LOGGING_STRUCTURED_FORMAT_CONSOLE
          value: {{ ternary "" $root.Values.logFormat (eq $root.Values.logFormat "plain") | quote }}
        {{- with $root.Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - name: http
          containerPort: 8080
      {{- include "longhaul.probes" . | trim | nindent 6 }}
      {{- if eq .role "api" }}
      lifecycle:
        preStop:
          exec:
            # Until no load balancer sends requests here any more.
            command: [sleep, "5"]
      {{- end }}
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      volumeMounts:
        {{- include "longhaul.volumeMounts" . | trim | nindent 8 }}
  volumes:
    {{- include "longhaul.volumes" . | nindent 4 }}
  {{- include "longhaul.scheduling" . | trim | nindent 2 }}
{{- end -}}

{{/* They do not depend on Redis. They name a host that is allowed; the kubelet would send the pod's address. */}}
{{- define "longhaul.probes" -}}
{{- range $probe, $path := dict "startup" "liveness" "liveness" "liveness" "readiness" "readiness" }}
{{ $probe }}Probe:
  httpGet:
    path: /actuator/health/{{ $path }}
    port: http
    httpHeaders:
      - {name: Host, value: localhost}
  timeoutSeconds: 3
  {{- toYaml (get $.root.Values.probes $probe) | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "longhaul.volumeMounts" -}}
- name: config
  mountPath: /config
  readOnly: true
{{- if include "longhaul.secretSources" .root }}
- name: secrets
  mountPath: /secrets
  readOnly: true
{{- end }}
{{- if include "longhaul.keySources" .root }}
- name: keys
  mountPath: /keys
  readOnly: true
{{- end }}
{{- if .root.Values.redis.tls.caSecret.name }}
- name: certificates
  mountPath: /certificates
  readOnly: true
{{- end }}
- name: tmp
  mountPath: /tmp
{{- with .root.Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "longhaul.volumes" -}}
- name: config
  configMap:
    name: {{ include "longhaul.fullname" .root }}
    items:
      - {key: {{ .role }}.yml, path: application.yml}
{{- range $volume, $sources := dict "secrets" (include "longhaul.secretSources" .root) "keys" (include "longhaul.keySources" .root) }}
{{- with $sources }}
- name: {{ $volume }}
  projected:
    defaultMode: 0440
    sources:
      {{- . | nindent 6 }}
{{- end }}
{{- end }}
{{- with .root.Values.redis.tls.caSecret }}
{{- if .name }}
- name: certificates
  secret:
    secretName: {{ .name }}
    items:
      - {key: {{ .key | quote }}, path: redis-ca.crt}
{{- end }}
{{- end }}
- name: tmp
  emptyDir: {}
{{- with .root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "longhaul.scheduling" -}}
{{- $labels := include "longhaul.selectorLabels" (dict "root" .root "role" .role) -}}
{{- with .root.Values.topologySpread }}
{{- if .enabled }}
topologySpreadConstraints:
  {{- $action := .whenUnsatisfiable }}
  {{- range .topologyKeys }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: {{ $action }}
    # A rolling update counts only the new pods.
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- $labels | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
