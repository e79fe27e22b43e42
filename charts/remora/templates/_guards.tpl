{{/* What the schema cannot say in a sentence: values that contradict each other. */}}
{{- define "remora.guards" -}}
{{- with .Values }}
{{- $sources := list (ternary "jobs.existingConfigMap" "" (ne .jobs.existingConfigMap "")) (ternary "jobs.inline" "" (gt (len .jobs.inline) 0)) (ternary "jobs.hostPath" "" (ne .jobs.hostPath "")) | compact }}
{{- if gt (len $sources) 1 }}
{{- fail (printf "%s cannot be had together: give one of them" (join " and " $sources)) }}
{{- end }}
{{- if and .consul.tls.ca.existingSecret.name .consul.tls.ca.existingConfigMap.name }}
{{- fail "consul.tls.ca comes from existingSecret or from existingConfigMap: give one of them" }}
{{- end }}
{{- if and (regexMatch "^(https|unix):" .consul.address) (not .remora.consulForGroups) }}
{{- fail (printf "sidecars cannot reach %s through the relay: give an address that they reach Consul at with remora.consulForGroups" .consul.address) }}
{{- end }}
{{- end }}
{{- if and (include "remora.scraped" .) (include "remora.httpIsLocal" .) }}
{{- fail (printf "nobody can scrape %s: set http.host to $(HOST_IP), or to 0.0.0.0, for metrics.*" .Values.http.host) }}
{{- end }}
{{- end }}
