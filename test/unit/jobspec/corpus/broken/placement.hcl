job "shop" {
  datacenters = ["dc1"]

  constraint {
    attribute = "${attr.kernel.name}"
    operator  = "regex"
    value     = "linux"
  }
  constraint {
    attribute = "${attr.vault.version}"
    version   = ">= 1.2, abc"
  }
  affinity {
    attribute = "${node.datacenter}"
    regexp    = "dc("
    weight    = 200
  }

  group "web" {
    spread {
      attribute = "${node.datacenter}"
      target "dc1" {
        percent = 70
      }
      target "dc1" {
        percent = 70
      }
    }

    task "web" {
      driver = "docker"
      config {
        image = "web:1"
      }
      constraint {
        distinct_hosts = true
      }
    }
  }
}
