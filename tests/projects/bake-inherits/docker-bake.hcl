target "_common" {
  args      = { A = "common", B = "common" }
  platforms = ["linux/amd64"]
}
target "_release" {
  args      = { B = "release" }
  platforms = ["linux/amd64", "linux/arm64"]
}
target "app" {
  inherits = ["_common", "_release"]
  args     = { C = "app" }
}
target "reversed" {
  inherits = ["_release", "_common"]
}
target "deep" {
  inherits = ["app"]
  target   = "deep"
}
group "default" { targets = ["app", "reversed", "deep"] }
