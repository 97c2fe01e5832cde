variable "TAG" { default = "2" }
target "app" {
  target = "dev"
  args   = { A = "b" }
}
target "extra" { target = "extra" }
