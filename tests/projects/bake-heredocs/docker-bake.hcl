variable "BASE" { default = "example/debian:12" }
target "plain" {
  dockerfile-inline = <<EOT
FROM example/debian:12
RUN echo "$${HOME}"
EOT
}
target "indented" {
  dockerfile-inline = <<-EOT
    FROM example/debian:12

    RUN true
      # more
  EOT
}
target "variable" {
  dockerfile-inline = <<EOT
FROM ${BASE}
EOT
}
target "quoted" { dockerfile-inline = "FROM example/debian:12\n" }
