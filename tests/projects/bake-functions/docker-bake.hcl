variable "TAGS" { default = "1,2" }
variable "EMPTY" { default = "" }
function "tag" {
  params = [name, version]
  result = "${name}:${version}"
}
function "all" {
  params          = [first]
  variadic_params = rest
  result          = join("+", concat([first], rest))
}
target "app" {
  args = {
    OWN     = tag("app", 2)
    MANY    = all("a", "b", "c")
    SPREAD  = all(["x", "y"]...)
    UPPER   = upper("abc")
    REPLACE = replace("a/b/c", "/", "-")
    FORMAT  = format("%s has %d", "it", 3)
    PICK    = coalesce(null, "second")
    MERGED  = join(",", keys(merge({ a = 1 }, { b = 2 })))
    FOR     = join(" ", [for i, t in split(",", TAGS) : "${i}=${t}" if t != "9"])
    OBJECT  = { for t in split(",", TAGS) : "k${t}" => upper(t) }["k1"]
    AND     = and(equal("a", "a"), notequal("a", "b"))
    SPLAT   = join(",", [{ n = "p" }, { n = "q" }][*].n)
    TRY     = try(nothing.there, "fallback")
    TRIM    = trimspace("  x ")
    UNKNOWN = sha256("x")
  }
  platforms = split(",", EMPTY)
}
target "wrong" {
  args = {
    A = join("-", "no list")
    B = undeclared
    C = tag("too few")
  }
}
