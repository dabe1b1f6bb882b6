# Turns the numbered migrations into one C header, in the order of their numbers, which have no gaps.
# usage: awk -f storage/embed_migrations.awk migrations/*.sql > build/gen/migrations.h
BEGIN {
    print "#pragma GCC diagnostic ignored \"-Woverlength-strings\""
    print "static const struct migration MIGRATIONS[] = {"
}
FNR == 1 {
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.sql$/, "", name)
    if (name + 0 != ++version) {
        print FILENAME ": expected number " version > "/dev/stderr"
        failed = 1
        exit 1
    }
    if (version > 1) print "},"
    printf "{.version = %d, .name = \"%s\", .transaction = %s, .sql =\n", version, name, /^-- no-transaction/ ? "false" : "true"
}
{ gsub(/[\\"]/, "\\\\&"); print "    \"" $0 "\\n\"" }
END {
    if (failed) exit 1
    print "}};"
    print "enum { MIGRATION_COUNT = " version + 0 " };"
}
