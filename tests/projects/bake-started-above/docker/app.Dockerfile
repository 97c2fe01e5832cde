FROM example/debian:12
