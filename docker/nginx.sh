#!/usr/bin/env bash
# Prints nginx's configuration for this instance, from nginx.conf.template.
# shellcheck source=docker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_settings

# One listen line an address; without `listen`, every IPv4 and, where the machine has it, IPv6 one.
listens() {
    local address=${setting[listen]} options='backlog=4096'
    case $address in
    '')
        echo "listen $PORT $options;"
        [ ! -s /proc/net/if_inet6 ] || echo "listen [::]:$PORT $options ipv6only=on;"
        ;;
    *:*) echo "listen [${address//[\[\]]/}]:$PORT $options;" ;;
    *) echo "listen $address:$PORT $options;" ;;
    esac
}

trusted_proxies() {
    local proxy
    [ -n "${setting[trusted_proxies]}" ] || return 0
    echo 'real_ip_header X-Forwarded-For;'
    echo 'real_ip_recursive on;'
    for proxy in ${setting[trusted_proxies]}; do echo "set_real_ip_from $proxy;"; done
}

# A port alone is this machine's.
private_listen() {
    local address=${setting[private_listen]}
    [ -n "$address" ] || return 0
    case $address in *[!0-9]*) ;; *) address=127.0.0.1:$address ;; esac
    echo "listen $address;"
}

brotli='#'
[ ! -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || brotli=
template=$(<"$SCRIPTS/nginx.conf.template")
template=${template//@RUN@/$RUN}
template=${template//@APP@/$LIB/app}
template=${template//@DATA@/$DATA}
template=${template//@BROTLI@/$brotli}
template=${template//@LISTEN@/$(listens)}
template=${template//@PRIVATE_LISTEN@/$(private_listen)}
template=${template//@TRUSTED_PROXIES@/$(trusted_proxies)}
printf '%s\n' "$template"
