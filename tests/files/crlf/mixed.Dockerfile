FROM alpine:3.20
RUN --mount=type=cache,target=/var/cache/apt apt-get update \
  && true
CMD ["a"]