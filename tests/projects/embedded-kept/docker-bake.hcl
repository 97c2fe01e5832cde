group "default" {
  targets = ["api", "web"]
}
target "api" {
  dockerfile-inline = "FROM example/debian:12\nRUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci\n"
}
target "web" {
  context = "web"
}
