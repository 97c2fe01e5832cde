# groups in groups, comments of each kind
group "default" {
  targets = ["app", "tools"]
}
group "tools" {
  targets = ["lint", "test"]
}
/* a target
   with all of it */
target "app" {
  context    = "app"           // where
  dockerfile = "docker/Dockerfile"
  target     = "run"
  args = {
    VERSION = "1"
    DEBUG   = true
    RETRIES = 3
    NOTHING = null
    "quoted-name" = "x"
  }
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = ["example/app:1"]
  contexts = {
    base  = "docker-image://example/base"
    tools = "target:lint"
    src   = "../src"
  }
}
target "lint" { target = "lint" }
target "test" {
  inherits = ["lint"]
  target   = "test"
}
