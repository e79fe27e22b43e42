job "shop" {
  datacenters = ["dc1"]

  group "Web" {
    network {
      mode = "bridge"
      port "http" {}
    }

    service {
      name = "web"
      port = "htpp"

      check {
        type     = "tcp"
        interval = "500ms"
        timeout  = "2s"
      }

      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "db"
              local_bind_port  = 5432
            }
            upstreams {
              destination_name = "cache"
              local_bind_port  = 5432
            }
            upstreams {
              destination_name = "web"
              local_bind_port  = 7000
            }
          }
        }
        sidecar_task {
          kill_timeout = "11m"
        }
      }
    }

    task "connect-proxy-web" {
      driver = "docker"
      config {
        image = "web:1"
      }
    }
  }
}
