# Makes C texts of the scripts that ingest serves: each as it is, and one without comments and indentation, whose
# name ends in _min.  A comment has lines of its own.  Of package.json it takes the version of Sentry's browser SDK.
# usage: awk -f ingest/embed_scripts.awk frontend/embed/*.js frontend/package.json > build/gen/scripts.h
FILENAME ~ /\.json$/ { if (split($0, part, "\"") > 3 && part[2] == "@sentry/browser") version = part[4]; next }
FNR == 1 { flush(); name = FILENAME; sub(/^.*\//, "", name); sub(/\.js$/, "", name) }
{ gsub(/[\\"]/, "\\\\&"); whole = whole "    \"" $0 "\\n\"\n" }
/^[ \t]*$/ || /^[ \t]*(\/\/|\/\*\*.*\*\/$)/ { next }
{ sub(/^[ \t]+/, ""); lean = lean "    \"" $0 "\\n\"\n" }
END {
    flush()
    if (version == "") { print "no version of the browser SDK" > "/dev/stderr"; exit 1 }
    printf "#define BROWSER_SDK_VERSION \"%s\"\n", version
}
function flush() {
    if (name == "") return
    printf "static const char script_%s[] =\n%s;\nstatic const char script_%s_min[] =\n%s;\n", name, whole, name, lean
    whole = lean = ""
}
