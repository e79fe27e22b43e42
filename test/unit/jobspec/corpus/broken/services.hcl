job "shop" {
  datacenters = ["dc1"]

  group "edge" {
    network {
      mode = "none"
    }

    service {
      name = "edge"
      connect {
        gateway {
          ingress {
            listener {
              port = 8080
              service {
                name  = "*"
                hosts = ["example.com"]
              }
            }
          }
          terminating {
            service {
              name      = "db"
              cert_file = "/c.pem"
            }
          }
        }
      }
    }

    service {
      name = "api"
      connect {
        native = true
      }
      task = "apy"
      check {
        type     = "script"
        task     = "apj"
        interval = "10s"
        timeout  = "2s"
      }
    }

    task "api" {
      driver = "docker"
      config {
        image = "api:1"
      }
      service {
        port = 80
      }
    }
  }
}
