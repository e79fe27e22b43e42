# What is written and empty, and what is written as another type than it has.
job "empties" {
  datacenters = ["dc1"]
  meta {}
  priority = "60"

  update {}

  group "g" {
    count = "2"
    meta  = {}

    restart {}
    reschedule {}
    migrate {}
    ephemeral_disk {}
    update {}
    scaling {
      max = 4
    }

    volume "v" {
      type   = "host"
      source = "v"
    }

    network {
      port "http" {}
      dns {}
    }

    service {
      name        = "empty"
      port        = "http"
      tags        = []
      canary_tags = []
      meta {}
      check_restart {}
      check {
        type                     = "tcp"
        interval                 = 10000000000
        timeout                  = "1m30.5s"
        args                     = []
        success_before_passing   = 0
        failures_before_critical = "3"
        header {}
      }
    }

    service {
      port = 9000
    }

    task "t" {
      driver       = "docker"
      user         = ""
      kill_timeout = "0s"
      leader       = "true"
      env {}
      resources {}
      logs {}
      meta {}
      restart {
        attempts = 1
      }
      config {
        image = "i"
        args  = []
        labels {}
      }
      template {
        data        = "x"
        destination = "local/x"
      }
      artifact {
        source = "https://example.com/a.tar.gz"
        options {}
      }
      artifact {
        source = "https://example.com/dir/file.txt"
        mode   = "file"
      }
      volume_mount {
        volume      = "v"
        destination = "/v"
      }
      service {
        port = "http"
      }
    }
  }
}
