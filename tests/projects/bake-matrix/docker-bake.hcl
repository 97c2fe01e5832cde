group "default" { targets = ["app"] }
target "app" {
  name   = "app-${sanitize(item.os)}-${arch}"
  matrix = {
    arch = ["amd64", "arm64"]
    item = [
      { os = "debian.12", file = "debian.Dockerfile" },
      { os = "alpine", file = "alpine.Dockerfile" },
    ]
  }
  dockerfile = item.file
  platforms  = ["linux/${arch}"]
  args       = { OS = item["os"] }
}
target "child" { inherits = ["app-alpine-amd64"] }
target "nameless" { matrix = { a = ["1"] } }
