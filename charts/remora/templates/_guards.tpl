{{/* What the schema cannot say in a sentence: values that contradict each other. */}}
{{- define "remora.guards" -}}
{{- with .Values }}
{{- $sources := list (ternary "jobs.existingConfigMap" "" (ne .jobs.existingConfigMap "")) (ternary "jobs.inline" "" (gt (len .jobs.inline) 0)) (ternary "jobs.hostPath" "" (ne .jobs.hostPath "")) | compact }}
{{- if gt (len $sources) 1 }}
{{- fail (printf "%s cannot be had together: give one of them" (join " and " $sources)) }}
{{- end }}
{{- range $name, $ca := dict "consul.tls.ca" .consul.tls.ca "consul.grpc.ca" .consul.grpc.ca }}
{{- if and $ca.existingSecret.name $ca.existingConfigMap.name }}
{{- fail (printf "%s comes from existingSecret or from existingConfigMap: give one of them" $name) }}
{{- end }}
{{- end }}
{{- if and (eq .remora.proxy "consul") (regexMatch "^(https|unix):" .consul.address) (not .remora.consulForGroups) }}
{{- fail (printf "the proxy consul cannot reach %s through the relay: give an address at which it reaches Consul with remora.consulForGroups" .consul.address) }}
{{- end }}
{{- end }}
{{- if and (include "remora.scraped" .) (include "remora.httpIsLocal" .) }}
{{- fail (printf "nobody can scrape %s: set http.host to $(HOST_IP), or to 0.0.0.0, for metrics.*" .Values.http.host) }}
{{- end }}
{{- end }}
