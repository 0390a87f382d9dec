#!/bin/sh
# Makes the secrets of compose.yaml: random texts under deploy/secrets, each once, and the hash of the API's token in
# deploy/.env. What is there stays as it is.
set -eu
cd "$(dirname "$0")"

# The folder keeps other users of this machine out. In the containers the files belong to users that are not known
# here, so each of them can be read by all.
mkdir -p secrets
chmod 700 secrets

make() {
  [ -s "secrets/$1" ] && return
  printf '%s%s' "$2" "$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n')" > "secrets/$1"
  chmod 644 "secrets/$1"
  echo "made secrets/$1"
}

make influx-token ''
make influx-password ''
make grafana-password ''
make api-token sluice_

hash=$(sha256sum secrets/api-token | cut -d ' ' -f 1)
printf 'SLUICE_API_TOKEN_HASH=sha256:%s\n' "$hash" > .env
