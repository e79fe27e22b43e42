job "shop" {
  datacenters = ["dc1"]

  group "web" {
    volume "data" {
      source = "web"
    }

    ephemeral_disk {
      size = 100
    }

    task "web" {
      driver = "docker"
      config {
        image = "web:1"
      }

      volume_mount {
        volume      = "data"
        destination = "/data"
      }
      volume_mount {
        volume      = "dota"
        destination = "/data"
      }

      template {
        data        = "a"
        destination = "local/a"
        perms       = "rw"
      }
      template {
        destination = "local/a"
      }
      template {
        data        = "b"
        destination = "../../b"
        change_mode = "script"
      }

      artifact {
        source = "http://example.com/a.tgz"
        options {
          checksum = "md5:123"
        }
      }

      resources {
        cpu        = 100
        cores      = 1
        memory     = 128
        memory_max = 64
      }
    }
  }
}
