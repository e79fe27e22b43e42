{{/* The agent's options as REMORA_* variables: remora.* by their own names, the rest from where it is mounted. */}}
{{- define "remora.env" -}}
{{- include "remora.nodeEnv" . }}
{{- $options := dict
  "jobs" "/etc/remora/jobs"
  "stateDir" .Values.state.hostPath
  "httpAddr" (include "remora.httpAddr" .)
  "httpAllowedHosts" (join "," .Values.http.allowedHosts)
  "consulAddress" .Values.consul.address }}
{{- $options = merge (dict "image" (.Values.remora.image | default (include "remora.image" .))) $options .Values.remora }}
{{- range $key, $value := $options }}
{{- if ne (toString $value) "" }}
- name: REMORA_{{ $key | snakecase | upper }}
  value: {{ toString $value | quote }}
{{- end }}
{{- end }}
- name: DOCKER_HOST
  value: {{ .Values.docker.host | default (printf "unix:///engine/%s" .Values.docker.socketName) | quote }}
{{- with .Values.consul }}
{{- if .token.existingSecret.name }}
- name: CONSUL_HTTP_TOKEN_FILE
  value: /etc/remora/token/token
{{- end }}
{{- if or .tls.ca.existingSecret.name .tls.ca.existingConfigMap.name }}
- name: CONSUL_CACERT
  value: /etc/remora/ca/ca.crt
{{- end }}
{{- with .grpc }}
{{- if .address }}
- name: CONSUL_GRPC_ADDR
  value: {{ .address | quote }}
{{- end }}
{{- if or .ca.existingSecret.name .ca.existingConfigMap.name }}
- name: CONSUL_GRPC_CACERT
  value: /etc/remora/grpc-ca/ca.crt
{{- end }}
{{- end }}
{{- if .tls.client.existingSecret.name }}
- name: CONSUL_CLIENT_CERT
  value: /etc/remora/client/tls.crt
- name: CONSUL_CLIENT_KEY
  value: /etc/remora/client/tls.key
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Directories throughout, never single files: only so are a new socket, a new token and new jobs seen. */}}
{{- define "remora.volumeMounts" -}}
- name: jobs
  mountPath: /etc/remora/jobs
  readOnly: true
- name: state
  mountPath: {{ .Values.state.hostPath }}
{{- if not .Values.docker.host }}
- name: engine
  mountPath: /engine
  readOnly: true
{{- end }}
{{- with .Values.consul }}
{{- if .token.existingSecret.name }}
- name: token
  mountPath: /etc/remora/token
  readOnly: true
{{- end }}
{{- if or .tls.ca.existingSecret.name .tls.ca.existingConfigMap.name }}
- name: ca
  mountPath: /etc/remora/ca
  readOnly: true
{{- end }}
{{- if or .grpc.ca.existingSecret.name .grpc.ca.existingConfigMap.name }}
- name: grpc-ca
  mountPath: /etc/remora/grpc-ca
  readOnly: true
{{- end }}
{{- if .tls.client.existingSecret.name }}
- name: client
  mountPath: /etc/remora/client
  readOnly: true
{{- end }}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "remora.volumes" -}}
- name: jobs
  {{- if .Values.jobs.hostPath }}
  hostPath:
    path: {{ .Values.jobs.hostPath }}
    type: Directory
  {{- else }}
  configMap:
    name: {{ .Values.jobs.existingConfigMap | default (printf "%s-jobs" (include "remora.fullname" .)) }}
  {{- end }}
- name: state
  hostPath:
    path: {{ .Values.state.hostPath }}
    type: DirectoryOrCreate
{{- if not .Values.docker.host }}
- name: engine
  hostPath:
    path: {{ .Values.docker.socketDir }}
    type: Directory
{{- end }}
{{- with .Values.consul }}
{{- with .token.existingSecret }}
{{- if .name }}
- name: token
  secret:
    secretName: {{ .name }}
    defaultMode: 0400
    items:
      - key: {{ .key }}
        path: token
{{- end }}
{{- end }}
{{- include "remora.authorityVolume" (dict "name" "ca" "ca" .tls.ca) }}
{{- include "remora.authorityVolume" (dict "name" "grpc-ca" "ca" .grpc.ca) }}
{{- with .tls.client.existingSecret }}
{{- if .name }}
- name: client
  secret:
    secretName: {{ .name }}
    defaultMode: 0400
    items:
      - key: {{ .certKey }}
        path: tls.crt
      - key: {{ .keyKey }}
        path: tls.key
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* A certificate authority from a Secret or a ConfigMap, as ca.crt. */}}
{{- define "remora.authorityVolume" -}}
{{- with .ca.existingSecret }}
{{- if .name }}
- name: {{ $.name }}
  secret:
    secretName: {{ .name }}
    items:
      - key: {{ .key }}
        path: ca.crt
{{- end }}
{{- end }}
{{- with .ca.existingConfigMap }}
{{- if .name }}
- name: {{ $.name }}
  configMap:
    name: {{ .name }}
    items:
      - key: {{ .key }}
        path: ca.crt
{{- end }}
{{- end }}
{{- end }}
