{{/* Names. */}}
{{- define "remora.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "remora.fullname" -}}
{{- $name := include "remora.name" . }}
{{- $given := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- default $given .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "remora.serviceAccountName" -}}
{{- default (ternary (include "remora.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{/* A DaemonSet's selector can never be changed: the name and the release, and nothing that varies. */}}
{{- define "remora.selectorLabels" -}}
app.kubernetes.io/name: {{ include "remora.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "remora.labels" -}}
{{ include "remora.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: agent
app.kubernetes.io/part-of: remora
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "remora.image" -}}
{{- with .Values.image }}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{/* host:port, with brackets around an IPv6 address. */}}
{{- define "remora.httpAddr" -}}
{{- with .Values.http }}
{{- ternary (printf "[%s]" .host) .host (contains ":" .host) }}:{{ .port }}
{{- end }}
{{- end }}

{{/* "true" if only the node itself reaches the HTTP address. */}}
{{- define "remora.httpIsLocal" -}}
{{- if regexMatch "^(127\\.|::1$|localhost$)" .Values.http.host }}true{{ end }}
{{- end }}

{{/* The kubelet runs on the node and shares its loopback with the pod; without a host it asks the pod's address, which is the node's. */}}
{{- define "remora.probe" -}}
httpGet:
  path: /healthz
  port: http
  {{- if include "remora.httpIsLocal" . }}
  host: {{ .Values.http.host | replace "localhost" "127.0.0.1" | quote }}
  {{- end }}
{{- end }}

{{/* The node's address and name, for $(HOST_IP) and $(NODE_NAME): they have to come before what names them. */}}
{{- define "remora.nodeEnv" -}}
- name: HOST_IP
  valueFrom:
    fieldRef:
      fieldPath: status.hostIP
- name: NODE_NAME
  valueFrom:
    fieldRef:
      fieldPath: spec.nodeName
{{- end }}

{{- define "remora.scraped" -}}
{{- with .Values.metrics }}
{{- if or .service.enabled .serviceMonitor.enabled .podMonitor.enabled }}true{{ end }}
{{- end }}
{{- end }}
