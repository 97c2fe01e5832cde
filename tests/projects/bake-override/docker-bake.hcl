variable "TAG" { default = "1" }
target "app" { args = { TAG = TAG, A = "a" } }
