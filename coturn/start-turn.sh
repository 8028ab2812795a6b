#!/bin/sh
# Starts coturn with turnserver.conf and what is this server's own, from the environment:
#
#   TURN_HOST       its name, which is also the realm
#   TURN_SECRET     shared with the app's server, 16 characters or more
#   TURN_IPV4       its public address
#   TURN_IPV4_HERE  the address this machine has itself, where a cloud translates between the two
#   TURN_IPV6       its public IPv6 address, where it has one
#   TURN_CERT, TURN_KEY  certificate and key (PEM) for TLS; without them TLS is left to a proxy in front
#
# Words after the script's name go to turnserver and win.
set -eu
: "${TURN_HOST:?is not set}" "${TURN_SECRET:?is not set}" "${TURN_IPV4:?is not set}"
if [ "${#TURN_SECRET}" -lt 16 ]; then
  echo "TURN_SECRET is too short. Use 16 characters or more." >&2
  exit 2
fi

# The secret goes into a file that nobody else reads: a command line is seen by everybody on the machine.
umask 077
conf="$(mktemp)"
here="${TURN_IPV4_HERE:-$TURN_IPV4}"
{
  cat "$(dirname "$0")/turnserver.conf"
  echo "realm=$TURN_HOST"
  echo "static-auth-secret=$TURN_SECRET"
  echo "listening-ip=$here"
  echo "relay-ip=$here"
  if [ "$here" != "$TURN_IPV4" ]; then
    echo "external-ip=$TURN_IPV4/$here"
    # Two relayed pages meet at the public address, which coturn turns into the private one before it asks whether
    # that is allowed.
    echo "allowed-peer-ip=$here"
  fi
  if [ -n "${TURN_IPV6:-}" ]; then
    echo "listening-ip=$TURN_IPV6"
    echo "relay-ip=$TURN_IPV6"
  fi
  if [ -n "${TURN_CERT:-}" ]; then
    echo "cert=$TURN_CERT"
    echo "pkey=$TURN_KEY"
  else
    echo "no-tls"
  fi
} >"$conf"
exec turnserver -c "$conf" "$@"
