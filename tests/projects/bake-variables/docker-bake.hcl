variable "TAG" { default = "1.2" }
variable "FULL" { default = "example/app:${TAG}" }
variable "FROM_OUTSIDE" {}
variable "NOTHING" { default = null }
variable "NUMBER" { default = 3 }
variable "MODE" {
  type    = string
  default = NUMBER > 2 && TAG != "" ? "many" : "few"
}
common = { GLOBAL = "yes" }

target "app" {
  args = {
    FULL     = FULL
    ESCAPED  = "$${TAG} %%{x} \t|\u0041|"
    OUTSIDE  = "x-${FROM_OUTSIDE}"
    NOTHING  = NOTHING
    MODE     = MODE
    SUM      = NUMBER * 2 + 1
    HALF     = 7 / 2
    NOT      = !true
    LOCAL    = BAKE_LOCAL_PLATFORM
    STAMP    = timestamp()
    GLOBAL   = common.GLOBAL
    OTHER    = target.lint.target
    EITHER   = FROM_OUTSIDE != "" ? "same" : "same"
  }
}
target "lint" { target = "lint" }
