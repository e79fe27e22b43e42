# A system job, whose groups take over what the job says.
job "system" {
  id          = "sys"
  name        = "The system"
  type        = "system"
  datacenters = ["dc1", "dc2"]
  region      = "eu"
  namespace   = "shop"
  priority    = 70
  all_at_once = true

  update {
    max_parallel     = 2
    stagger          = "1m"
    min_healthy_time = "20s"
  }

  meta {
    owner = "me"
    size  = 3
  }

  constraint {
    attribute = "${attr.kernel.name}"
    value     = "linux"
  }

  constraint {
    distinct_hosts = true
  }

  constraint {
    distinct_property = "${meta.rack}"
    value             = "2"
  }

  task "alone" {
    driver = "docker"
    config {
      image = "alone:1"
    }
  }

  group "main" {
    shutdown_delay = "5s"

    update {
      max_parallel = 3
    }

    volume "data" {
      type      = "host"
      source    = "data"
      read_only = true
    }

    consul {
      namespace = "team"
    }

    task "first" {
      driver = "docker"
      lifecycle {
        hook    = "prestart"
        sidecar = true
      }
      config {
        image = "first:1"
      }
      volume_mount {
        volume           = "data"
        destination      = "/data"
        read_only        = true
        propagation_mode = "host-to-task"
      }
    }

    task "main" {
      driver         = "docker"
      user           = "1000:1000"
      kill_timeout   = "1m"
      kill_signal    = "SIGINT"
      shutdown_delay = "3s"
      config {
        image      = "main:1"
        command    = "/bin/main"
        args       = ["-x", "1", "${NOMAD_ALLOC_ID}"]
        privileged = true
        auth {
          username = "u"
          password = "p"
        }
        logging {
          type = "json-file"
          config {
            max-size = "10m"
          }
        }
        mount {
          type   = "bind"
          source = "/a"
          target = "/b"
          bind_options {
            propagation = "rshared"
          }
        }
        mount {
          type   = "tmpfs"
          target = "/c"
          tmpfs_options {
            size = 100000
          }
        }
        ulimit {
          nofile = "1024:2048"
        }
        sysctl = {
          "net.core.somaxconn" = "16384"
        }
        volumes  = ["/a:/b"]
        shm_size = 1.5e3
      }
      env {
        A = 1
        B = true
      }
      template {
        data          = "{{ key \"a\" }}"
        destination   = "local/a.env"
        env           = false
        change_mode   = "signal"
        change_signal = "sighup"
        splay         = "1s"
        perms         = "600"
        wait {
          min = "1s"
          max = "10s"
        }
      }
      template {
        source      = "local/b.tpl"
        destination = "local/b"
        change_mode = "script"
        change_script {
          command       = "/bin/x"
          timeout       = "20s"
          fail_on_error = true
        }
      }
      artifact {
        source      = "git::https://example.com/x.git"
        destination = "local/x"
        options {
          checksum = "md5:d41d8cd98f00b204e9800998ecf8427e"
          depth    = 1
        }
        headers {
          Authorization = "x"
        }
      }
      resources {
        cores      = 2
        memory     = 512
        memory_max = 1024
      }
      scaling "cpu" {
        min = 50
        max = 100
        policy {
          check "a" {
            strategy "x" {
              target = 3
            }
          }
        }
      }
    }
  }
}
