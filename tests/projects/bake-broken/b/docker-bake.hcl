target "b" {
  dockerfile-inline = <<EOT
FROM x
