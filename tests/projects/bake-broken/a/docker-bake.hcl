target "a" {
  target = 
}
