/** The jobs of the simulation, as texts of job files. */

/** One version of a job; equal shapes give equal texts. */
export interface JobShape {
  readonly kind: "countdash" | "web" | "plain" | "bare" | "crowd" | "exposed";
  /** Tag of the images: a new one replaces allocations, and it names the app's mood. */
  readonly tag: string;
  readonly count: number;
  /** A tag of the services: a new one is changed in place. */
  readonly colour: string;
}

export const KINDS: readonly JobShape["kind"][] = ["countdash", "web", "plain", "bare", "crowd", "exposed"];
/** What only Envoy can do. */
export const ENVOY_KINDS: readonly JobShape["kind"][] = ["exposed"];
export const GOOD_TAGS: readonly string[] = ["v1", "v2", "v3", "slow", "stubborn"];
export const BAD_TAGS: readonly string[] = ["crash", "flaky"];
export const SETUP_TAG = "setup";

/** By the image's name, the port its app listens on; 0 = none. */
export const IMAGES: Readonly<Record<string, number>> = {
  "sim/api": 9001,
  "sim/dashboard": 9002,
  "sim/web": 8000,
  "sim/admin": 8001,
  "sim/idle": 0,
};

const POLICIES = `
    restart {
      attempts = 2
      interval = "10s"
      delay    = "1s"
      mode     = "fail"
    }
    reschedule {
      delay          = "5s"
      delay_function = "constant"
      unlimited      = true
    }`;

export function jobText(id: string, shape: JobShape): string {
  return `job "${id}" {\n  datacenters = ["dc1"]\n${GROUPS[shape.kind](id, shape)}\n}\n`;
}

const GROUPS: Readonly<Record<JobShape["kind"], (id: string, shape: JobShape) => string>> = {
  countdash: (id, { tag, colour }) => `
  group "api" {${POLICIES}
    network { mode = "bridge" }
    service {
      name = "${id}-api"
      port = "9001"
      tags = ["${colour}"]
      connect {
        sidecar_service {}
      }
    }
    ${task("web", "sim/api", tag)}
  }
  group "dashboard" {${POLICIES}
    network {
      mode = "bridge"
      port "http" {
        static = 9002
        to     = 9002
      }
    }
    service {
      name = "${id}-dashboard"
      port = "http"
      tags = ["${colour}"]
      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "${id}-api"
              local_bind_port  = 8080
            }
          }
        }
      }
    }
    ${task("dashboard", "sim/dashboard", tag)}
  }`,
  web: (id, { tag, count, colour }) => `
  group "web" {${POLICIES}
    count = ${count}
    shutdown_delay = "2s"
    network {
      mode = "bridge"
      port "http" { to = 8000 }
    }
    service {
      name = "${id}-web"
      port = "http"
      tags = ["${colour}"]
      connect {
        sidecar_service {}
      }
    }
    ${task("web", "sim/web", tag)}
  }`,
  exposed: (id, { tag, count, colour }) => `
  group "hidden" {${POLICIES}
    count = ${count}
    network { mode = "bridge" }
    service {
      name = "${id}-hidden"
      port = "8000"
      tags = ["${colour}"]
      check {
        type     = "http"
        path     = "/${colour}"
        interval = "5s"
        timeout  = "1s"
        expose   = true
      }
      connect {
        sidecar_service {}
      }
    }
    ${task("web", "sim/web", tag)}
  }`,
  plain: (id, { tag, count, colour }) => `
  group "plain" {${POLICIES}
    count = ${count}
    network {
      mode = "bridge"
      port "http" { to = 8000 }
    }
    service {
      name = "${id}-plain"
      port = "http"
      tags = ["${colour}"]
      check {
        type     = "tcp"
        interval = "5s"
        timeout  = "1s"
      }
    }
    ${task("web", "sim/web", tag)}
  }`,
  bare: (_, { tag, count }) => `
  group "bare" {${POLICIES}
    count = ${count}
    network { mode = "bridge" }
    ${task("idle", "sim/idle", tag)}
  }`,
  crowd: (id, { tag, colour }) => `
  group "crowd" {${POLICIES}
    network { mode = "bridge" }
    service {
      name = "${id}-web"
      port = "8000"
      tags = ["${colour}"]
      connect {
        sidecar_service {}
      }
    }
    service {
      name = "${id}-admin"
      port = "8001"
      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "${id}-web"
              local_bind_port  = 7000
            }
          }
        }
      }
    }
    ${task("prepare", "sim/idle", SETUP_TAG, 'lifecycle { hook = "prestart" }')}
    ${task("web", "sim/web", tag, "leader = true")}
    ${task("admin", "sim/admin", tag)}
  }`,
};

function task(name: string, image: string, tag: string, more = ""): string {
  return `task "${name}" {
      driver       = "docker"
      kill_timeout = "3s"
      ${more}
      config { image = "${image}:${tag}" }
    }`;
}
