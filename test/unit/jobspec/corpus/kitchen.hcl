job "a" {
  datacenters = ["dc1"]
  group "g" {
    network {
      mode = "bridge"
      port "http" { to = 80 }
      port "s" { static = 9000 }
    }
    service {
      port = "http"
      tags = []
      meta { a = "b" }
      check {
        type     = "http"
        path     = "/"
        interval = "10s"
        timeout  = "2s"
        header { A = ["b"] }
      }
      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "x"
              local_bind_port  = 90
            }
            config {
              a = 1
              b { c = 2 }
            }
          }
        }
        sidecar_task {
          resources { cpu = 10 }
        }
      }
    }
    task "t" {
      driver = "docker"
      config {
        image = "i"
        labels { a = "b" }
        args = [1, true]
        mount {
          type = "bind"
        }
      }
      template {
        data        = "x"
        destination = "local/x"
      }
      artifact { source = "http://x" }
      volume_mount {
        volume      = "v"
        destination = "/d"
      }
      logs { max_files = 3 }
      lifecycle { hook = "prestart" }
    }
    volume "v" {
      type   = "host"
      source = "x"
    }
    scaling {
      min = 1
      max = 3
      policy {
        x = 1
        check "a" { y = 2 }
      }
    }
    constraint {
      attribute = "a"
      regexp    = "x"
    }
    spread {
      attribute = "b"
      target "t1" { percent = 10 }
    }
    affinity {
      attribute = "b"
      version   = "> 3"
    }
  }
}
