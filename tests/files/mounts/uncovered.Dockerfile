# Each of these is refused, and once it is put right it is refused for something else.
FROM alpine:3.20 AS source
RUN --mount=type=bind,form=source,target=/x true
RUN --mount=type=chache,target=/ true
RUN --mount=form=0,target=/y true
