# A file of shared functions and variables, and targets that refer to one another.
variable "VERSIONS" {
  default = {
    "1.20" = { base = "bookworm", latest = false }
    "1.21" = { base = "trixie", latest = true }
  }
}
function "arg" {
  params = [map, key]
  result = lookup(map, key, "none")
}
target "app" {
  name       = "app-${replace(version, ".", "-")}"
  matrix     = { version = keys(VERSIONS) }
  dockerfile = "Dockerfile"
  args = {
    VERSION = version
    BASE    = VERSIONS[version].base
    LATEST  = VERSIONS[version].latest ? "yes" : "no"
    NONE    = arg({}, "x")
  }
}
target "test" {
  inherits = ["app-1-21"]
  contexts = { app = "target:app-1-21" }
}
group "default" {
  targets = concat([for v in keys(VERSIONS) : "app-${replace(v, ".", "-")}"], ["test"])
}
