group "default" {
  targets = ["api", "web"]
}
target "api" {
  dockerfile-inline = <<-EOT
    FROM example/debian:12
    RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci
  EOT
}
target "web" {
  context = "web"
}
