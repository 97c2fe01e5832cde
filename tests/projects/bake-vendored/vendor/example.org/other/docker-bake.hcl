# A copy of another project, without all of it: nothing is wrong.
target "lint" { dockerfile = "hack/lint.Dockerfile" }
