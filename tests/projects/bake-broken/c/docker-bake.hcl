target "c" {
