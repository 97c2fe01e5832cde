target "fine" { target = "fine" }
target "broken" {
  args = {
    A = "not closed
  }
}
target "unseen" {}
