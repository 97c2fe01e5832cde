FROM debian:12
RUN --mount=type=cache,\
# where apt keeps its packages
target=/var/cache/apt,sharing=priv\
# in two parts
ate apt-get update
RUN make \
    # these two came too late
    --mount=type=cache,target=/var/cache/apt \
    --mount=type=cache,target=/var/lib/apt \
    all
