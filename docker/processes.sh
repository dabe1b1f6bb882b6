# shellcheck shell=bash
# Sourced after lib.sh and load_settings: starting and stopping the instance's processes, by systemd
# where `make service` has installed units, else by hand: PIDS/NAME.pid then holds "PID STARTED",
# STARTED being the kernel's start time of the process, so a stale file never points at a stranger.

by_systemd() { [ -z "$VAR" ] && [ -d /run/systemd/system ] && [ -e /etc/systemd/system/vedette.target ]; }

# started_at PID: nothing for a process that is gone, or is dead and only waits to be buried.
started_at() { awk '{ sub(/.*\) /, ""); if ($1 !~ /[ZX]/) print $20 }' "/proc/$1/stat" 2>/dev/null; }

# pid_of NAME: its process id; nothing when it does not run.
pid_of() {
    local pid='' started=''
    if by_systemd; then
        pid=$(systemctl show --property=MainPID --value "vedette-$1.service")
        [ "${pid:-0}" != 0 ] && printf '%s' "$pid"
        return
    fi
    read -r pid started 2>/dev/null <"$PIDS/$1.pid" || return 1
    [ -n "$started" ] && [ "$(started_at "$pid")" = "$started" ] && printf '%s' "$pid"
}

# Whether the file a process runs was replaced since.
has_new_program() {
    local pid
    pid=$(pid_of "$1") || return 1
    case $(as_owner readlink "/proc/$pid/exe") in *' (deleted)') return 0 ;; *) return 1 ;; esac
}

has_new_settings() { [ "$(cat "$PIDS/$1.settings" 2>/dev/null)" != "$(settings_mark)" ]; }

settings_mark() { "$LIB/bin/vedette" settings | sha256sum | cut -c1-64; }

# What a killed parent may leave behind: children in its session (nginx workers hold the port).
end_orphans() {
    local pid='' _started=''
    read -r pid _started 2>/dev/null <"$PIDS/$1.pid" || return 0
    pid_of "$1" >/dev/null || pkill -KILL -s "$pid" -u "$OWNER" 2>/dev/null || return 0
}

# A log of over 32 MiB is put aside once when its process starts.
rotate_log() {
    local log=$LOGS/$1.log
    if [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -gt 33554432 ]; then mv -f "$log" "$log.1"; fi
}

# start_process NAME: in a session of its own, in nobody's way when this shell ends.
start_process() {
    local name=$1 pid log=$LOGS/$1.log
    pid_of "$name" >/dev/null && return
    settings_mark >"$PIDS/$name.settings"
    if by_systemd; then
        systemctl start "vedette-$name.service"
        return
    fi
    end_orphans "$name"
    rotate_log "$name"
    (
        # nginx alone may need a port below 1024, which a user may not open.
        if is_root && [ "$name" = nginx ] && [ "$PORT" -lt 1024 ]; then
            exec setsid setpriv --reuid="$OWNER" --regid="$OWNER" --init-groups \
                --inh-caps=+net_bind_service --ambient-caps=+net_bind_service -- "$LIB/scripts/run.sh" nginx
        elif is_root; then
            exec setsid setpriv --reuid="$OWNER" --regid="$OWNER" --init-groups --no-new-privs -- "$LIB/scripts/run.sh" "$name"
        else
            exec setsid "$LIB/scripts/run.sh" "$name"
        fi
    ) </dev/null >>"$log" 2>&1 9>&- &
    pid=$!
    disown "$pid"
    printf '%s %s\n' "$pid" "$(started_at "$pid")" >"$PIDS/$name.pid"
}

# stop_process NAME: asks, waits up to 30 s, then kills.
stop_process() {
    local pid signal=TERM tries=0
    if by_systemd; then
        systemctl stop "vedette-$1.service"
        return
    fi
    pid=$(pid_of "$1") || { end_orphans "$1" && rm -f "$PIDS/$1.pid" && return; }
    case $1 in postgres) signal=INT ;; nginx) signal=QUIT ;; esac
    kill "-$signal" "$pid" 2>/dev/null || true
    while pid_of "$1" >/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" = 300 ]; then kill -KILL "$pid" 2>/dev/null || true; fi
        sleep 0.1
    done
    end_orphans "$1"
    rm -f "$PIDS/$1.pid"
}

# has_no_child_of PID CHILDREN: none of them is its child any more, others are.
has_no_child_of() {
    local child now
    now=" $(pgrep -P "$1" | tr '\n' ' ') "
    for child in $2; do
        case $now in *" $child "*) return 1 ;; esac
    done
    [ "$now" != '  ' ]
}

# is_handed_over NAME PID CHILDREN: the process lives by other children than these, or not at all.
is_handed_over() { [ "$(pid_of "$1")" != "$2" ] || has_no_child_of "$2" "$3"; }

# hand_over NAME: a process that runs begins anew, by the file that its program has now, and keeps its id and
# its socket: nobody is refused.  nginx reads its configuration anew.
hand_over() {
    local pid children signal=USR2
    pid=$(pid_of "$1") || return 0
    if [ "$1" = nginx ]; then signal=HUP; fi
    children=$(pgrep -P "$pid") || true
    if by_systemd; then systemctl reload "vedette-$1.service"; else kill "-$signal" "$pid"; fi
    wait_until 60 is_handed_over "$1" "$pid" "$children"
}

# wait_until SECONDS COMMAND...: false when it has not become true by then.
wait_until() {
    local tries=$(($1 * 10))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

# last_words NAME: the end of a process's log, for the operator.
last_words() { tail -n 5 "$LOGS/$1.log" 2>/dev/null | sed 's/^/    /' >&2; }
