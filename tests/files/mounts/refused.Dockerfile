FROM alpine:3.20
RUN --mount=type=cache,target=/a,sharing=lock true
RUN --mount=type=cache,tarrget=/b true
RUN --mount=type=chache,target=/c true
RUN --mount=type=cache,target=/d, true
RUN --mount=type=cache,target=/e,z true
RUN --mount=type=cache,target=/ true
RUN --mount=target=/f,sharing=locked true
RUN --mount type=cache,target=/g true
