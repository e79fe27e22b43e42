job "shop" {
  datacenters = ["dc1"]

  meta {
    owner = "job"
    j     = "1"
  }

  group "api" {
    meta {
      owner = "group"
      g     = ""
    }

    network {
      mode     = "bridge"
      hostname = "shop"

      port "http" {
        static = 8080
        to     = 80
      }

      port "admin" {}

      dns {
        servers  = ["10.0.0.2"]
        searches = ["local"]
        options  = ["ndots:2"]
      }
    }

    service {
      name = "shop-api"
      port = "http"
      tags = ["v1"]

      check {
        type     = "http"
        path     = "/health"
        interval = "10s"
        timeout  = "2s"
      }

      connect {
        sidecar_service {
          proxy {
            local_service_port = 80

            upstreams {
              destination_name = "count-api"
              local_bind_port  = 8081
            }

            config {
              protocol         = "http"
              envoy_stats_tags = ["a=b"]
            }
          }
        }

        sidecar_task {
          user         = "101"
          kill_timeout = "3s"

          env {
            C = "3"
          }

          resources {
            cpu    = 50
            memory = 64
          }
        }
      }
    }

    service {
      name = "shop-admin"
      port = "admin"

      connect {
        sidecar_service {}
      }
    }

    service {
      name = "plain"
      port = "admin"
    }

    task "web" {
      driver       = "docker"
      user         = "1000"
      leader       = true
      kill_timeout = "10s"
      kill_signal  = "SIGINT"

      config {
        image           = "app:1"
        command         = "serve"
        args            = ["-v", ""]
        entrypoint      = ["/bin/app"]
        work_dir        = "/srv"
        cap_add         = ["net_raw"]
        cap_drop        = ["chown"]
        readonly_rootfs = true

        labels {
          team  = "shop"
          empty = ""
        }
      }

      env {
        B     = "2"
        A     = "1"
        EMPTY = ""
      }

      resources {
        cpu    = 200
        memory = 256
      }

      meta {
        owner = "task"
      }
    }

    task "bare" {
      driver = "docker"

      config {
        image = "app:2"
      }

      lifecycle {
        hook    = "prestart"
        sidecar = true
      }
    }
  }
}
