# Services of all kinds: with a sidecar, native, a gateway, with every check.
job "mesh" {
  datacenters = ["dc1"]

  affinity {
    attribute        = "${node.datacenter}"
    set_contains_any = "a,b"
    weight           = -50
  }

  spread {
    attribute = "${meta.rack}"
    weight    = 10
    target "r1" {
      percent = 60
    }
    target "r2" {
      percent = 40
    }
  }

  reschedule {
    delay     = "1m"
    max_delay = "10m"
  }

  migrate {
    max_parallel = 2
  }

  group "api" {
    count = 2

    network {
      mode     = "bridge"
      hostname = "api"
      port "http" {
        to = 8080
      }
      port "fixed" {
        to = -1
      }
      port "expose" {
        to           = 9102
        host_network = "default"
      }
      dns {
        servers  = ["10.0.0.1"]
        searches = ["consul"]
        options  = ["ndots:2"]
      }
    }

    reschedule {
      delay_function = "constant"
    }

    service {
      name                = "api"
      port                = "9001"
      tags                = ["a", "b"]
      canary_tags         = ["c"]
      enable_tag_override = true
      address_mode        = "host"
      on_update           = "ignore_warnings"
      meta {
        v = 1
      }
      canary_meta {
        v = 2
      }

      check_restart {
        limit           = 3
        grace           = "30s"
        ignore_warnings = true
      }

      check {
        name            = "alive"
        type            = "http"
        path            = "/health"
        port            = "http"
        protocol        = "https"
        method          = "POST"
        body            = "{}"
        interval        = "10s"
        timeout         = "2s"
        initial_status  = "passing"
        tls_skip_verify = true
        header {
          Authorization = ["a", "b"]
        }
      }

      check {
        name         = "rpc"
        type         = "grpc"
        port         = "http"
        grpc_service = "s"
        grpc_use_tls = true
        interval     = "10s"
        timeout      = "2s"
        check_restart {
          limit           = 0
          ignore_warnings = true
        }
      }

      check {
        name     = "script"
        type     = "script"
        command  = "/bin/check"
        args     = ["-x"]
        task     = "api"
        interval = "10s"
        timeout  = "2s"
      }

      connect {
        sidecar_service {
          tags                      = ["t"]
          disable_default_tcp_check = true
          proxy {
            local_service_address = "127.0.0.1"
            local_service_port    = 9001
            upstreams {
              destination_name   = "db"
              local_bind_port    = 5432
              datacenter         = "dc2"
              local_bind_address = "127.0.0.2"
              mesh_gateway {
                mode = "local"
              }
            }
            expose {
              path {
                path            = "/metrics"
                protocol        = "http"
                local_path_port = 9102
                listener_port   = "expose"
              }
            }
            config {
              protocol         = "http"
              envoy_stats_tags = ["a=b"]
              limits {
                max_connections = 10
              }
            }
          }
        }
      }
    }

    service {
      name = "native"
      port = "http"
      task = "api"
      connect {
        native = true
      }
    }

    task "api" {
      driver = "docker"
      config {
        image = "api:1"
        ports = ["http"]
      }
    }
  }

  group "gate" {
    stop_after_client_disconnect = "1h"

    network {
      mode = "bridge"
      port "in" {
        static = 8443
      }
    }

    service {
      name = "gate"
      port = "in"
      connect {
        gateway {
          proxy {
            connect_timeout                     = "500ms"
            envoy_dns_discovery_type            = "STRICT_DNS"
            envoy_gateway_bind_tagged_addresses = true
            envoy_gateway_bind_addresses "a" {
              address = "10.0.0.1"
              port    = 8443
            }
          }
          ingress {
            tls {
              enabled         = true
              tls_min_version = "TLSv1_2"
              cipher_suites   = ["x"]
            }
            listener {
              port     = 8443
              protocol = "http"
              service {
                name  = "api"
                hosts = ["api.example.com"]
              }
            }
            listener {
              port = 9000
              service {
                name = "db"
              }
            }
          }
        }
      }
    }

    service {
      name = "out"
      connect {
        gateway {
          terminating {
            service {
              name    = "legacy"
              ca_file = "/ca.pem"
              sni     = "legacy"
            }
          }
        }
      }
    }

    service {
      name = "wan"
      port = "in"
      connect {
        gateway {
          mesh {}
        }
        sidecar_task {
          env {
            A = 1
          }
          config {
            image = "e"
          }
        }
      }
    }

    task "t" {
      driver = "docker"
      config {
        image = "t:1"
      }
    }
  }
}
