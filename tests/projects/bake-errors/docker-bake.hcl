group "default" { targets = ["app", "nobody", "more"] }
group "more" { targets = ["again"] }
group "again" { targets = ["more", "app"] }
group "self" { targets = ["self"] }
target "app" { inherits = ["missing"] }
target "one" { inherits = ["two"] }
target "two" { inherits = ["one"] }
target "me" { inherits = ["me"] }
target "types" {
  args      = ["A=1"]
  platforms = "linux/amd64"
  target    = ["x"]
}
target "misspelt" {
  dockerFile = "Dockerfile"
  inherit    = ["app"]
}
targte "block" {}
target "no" "no" {}
target "lost" { dockerfile = "nowhere.Dockerfile" }
variable "LOOP" { default = LOOP2 }
variable "LOOP2" { default = LOOP }
target "loop" { target = LOOP }
