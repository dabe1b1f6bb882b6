# Turns the rules of uap-core (regexes.yaml: one 'key: value' a line, values in single quotes) into
# three C arrays of struct user_agent_rule, in the order of the file.  Fails on any line that is
# neither, so that no rule is lost silently.
# usage: awk -f worker/digest/user_agent_rules.awk regexes.yaml > build/gen/user_agent_rules.h
BEGIN {
    quote = sprintf("%c", 39)
    names["user_agent_parsers"] = "browser"
    names["os_parsers"] = "os"
    names["device_parsers"] = "device"
    place["family_replacement"] = place["os_replacement"] = place["device_replacement"] = 0
    place["v1_replacement"] = place["os_v1_replacement"] = place["brand_replacement"] = 1
    place["v2_replacement"] = place["os_v2_replacement"] = place["model_replacement"] = 2
    place["v3_replacement"] = place["os_v3_replacement"] = 3
}
/^[ \t]*(#|$)/ { next }
/^[a-z_]+:[ \t]*$/ { finish(); sub(/:.*/, ""); begin($0); next }
{
    key = $0
    sub(/^[ \t]*(- )?[ \t]*/, "", key)
    value = substr(key, index(key, ":") + 1)
    sub(/:.*/, "", key)
    set(key, literal(value))
}
END { finish() }

function begin(section) {
    if (!(section in names)) fail("unknown section " section)
    printf "static const struct user_agent_rule %s_rules[] = {\n", names[section]
    open = 1
}
function finish() { flush(); if (open) print "};"; open = 0 }

function set(key, text) {
    if (key == "regex") { flush(); pattern = text }
    else if (key == "regex_flag" && text == "\"i\"") caseless = "true"
    else if (key in place) parts[place[key]] = text
    else if (key == "os_v4_replacement") return
    else fail("unknown key " key)
}
function flush() {
    if (pattern != "")
        printf "    {%s, %s, {%s, %s, %s, %s}},\n", pattern, caseless, parts[0], parts[1], parts[2], parts[3]
    pattern = ""
    caseless = "false"
    parts[0] = parts[1] = parts[2] = parts[3] = "NULL"
}

# 'it''s' -> "it's", with what C would take for an escape or a trigraph escaped.
function literal(text) {
    gsub(/^[ \t]+|[ \t\r]+$/, "", text)
    if (substr(text, 1, 1) != quote || substr(text, length(text)) != quote || length(text) < 2)
        fail("unquoted value " text)
    text = substr(text, 2, length(text) - 2)
    gsub(quote quote, quote, text)
    gsub(/[\\"]/, "\\\\&", text)
    gsub(/\?/, "\\?", text)
    return "\"" text "\""
}
function fail(why) { print FILENAME ":" FNR ": " why > "/dev/stderr"; exit 1 }
