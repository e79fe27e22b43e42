/** A job file as large as they get by honest work: many groups, each with services, checks, a mesh, heredocs and two tasks. */

export function largeJob(groups: number): string {
  const bodies = Array.from({ length: groups }, (_, n) => group(n));
  return `job "large" {\n  datacenters = ["dc1"]\n\n  meta {\n    owner = "platform"\n  }\n${bodies.join("")}}\n`;
}

function group(n: number): string {
  return `
  # What serves the web, number ${n}.
  group "web-${n}" {
    restart {
      attempts = 3
      interval = "5m"
      delay    = "15s"
      mode     = "delay"
    }

    network {
      mode = "bridge"
      port "http" {
        static = ${20_000 + n}
        to     = 8080
      }
      port "admin" {}
    }
${services(n)}${tasks(n)}  }
`;
}

function services(n: number): string {
  return `
    service {
      name = "web-${n}"
      port = "http"
      tags = ["v1", "web", "alloc-\${NOMAD_ALLOC_INDEX}"]
      meta {
        group = "\${NOMAD_GROUP_NAME}"
        team  = "team-${n % 7}"
      }
      check {
        name     = "alive"
        type     = "http"
        path     = "/health"
        interval = "10s"
        timeout  = "2s"
      }
      check {
        type     = "tcp"
        port     = "admin"
        interval = "15s"
        timeout  = "3s"
      }
    }

    service {
      name = "api-${n}"
      port = "9001"
      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "db-${n}"
              local_bind_port  = 5432
            }
            upstreams {
              destination_name = "cache-${n}"
              local_bind_port  = 6379
            }
          }
        }
      }
    }
`;
}

function tasks(n: number): string {
  return `
    task "app" {
      driver = "docker"
      config {
        image   = "example/app:1.${n}"
        command = "/bin/sh"
        args = ["-c", <<EOT
set -eu
echo "\${NOMAD_TASK_NAME} listens on \${NOMAD_PORT_http}"
exec /usr/bin/app --port=\${NOMAD_PORT_http} --db=\${NOMAD_UPSTREAM_ADDR_db_${n}}
EOT
        ]
        labels {
          app = "web-${n}"
        }
      }
      env {
        PORT      = "\${NOMAD_PORT_http}"
        DB        = "postgres://\${NOMAD_UPSTREAM_ADDR_db_${n}}/web"
        LOG_LEVEL = "info"
        WORKERS   = 2 * 4
      }
      resources {
        cpu    = 200
        memory = 128
      }
    }

    task "log" {
      driver = "docker"
      lifecycle {
        hook    = "poststart"
        sidecar = true
      }
      config {
        image = "example/log:2"
        args  = ["--follow", "/alloc/logs/app.stdout.0"]
      }
    }
`;
}
