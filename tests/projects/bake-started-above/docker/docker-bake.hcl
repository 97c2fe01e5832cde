# Bake is started in the folder above: there the Dockerfiles are found.
target "app" {
  context    = "."
  dockerfile = "docker/app.Dockerfile"
}
target "web" { context = "web" }
