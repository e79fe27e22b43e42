job "shop" {
  datacenters = ["dc1"]

  update {
    progress_deadline = "4m"
    auto_promote      = true
  }

  group "web" {
    count = 5

    scaling {
      min = 1
      max = 3
    }

    update {
      min_healthy_time = "6m"
    }

    reschedule {
      attempts  = 30
      interval  = "1h"
      unlimited = false
    }

    task "web" {
      driver       = "docker"
      kill_timeout = "5m"
      config {
        image = "web:1"
      }
    }
  }
}
