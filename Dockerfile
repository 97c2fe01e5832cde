# syntax=docker/dockerfile:1
# SPDX-License-Identifier: Apache-2.0
# dockerlint and nothing else:
#   docker build -t dockerlint .
#   docker run --rm -v "$PWD:/work" dockerlint --fix

FROM debian:12 AS build
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    rm -f /etc/apt/apt.conf.d/docker-clean && \
    apt-get update && \
    apt-get install -y --no-install-recommends \
        ccache cmake g++ libcli11-dev libfmt-dev libtomlplusplus-dev libyaml-cpp-dev ninja-build \
        nlohmann-json3-dev
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.cache/ccache,sharing=shared \
    cmake --preset release -DDOCKERLINT_FETCH=OFF -DCMAKE_CXX_COMPILER_LAUNCHER=ccache && \
    cmake --build --preset release --target dockerlint

FROM scratch
COPY --from=build /src/build/release/dockerlint /usr/bin/dockerlint
WORKDIR /work
ENTRYPOINT ["/usr/bin/dockerlint"]
